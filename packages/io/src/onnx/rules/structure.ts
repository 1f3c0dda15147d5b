// Creation and structure: what is known stays outside the graph, and orders and repetitions wait (see graph.ts).
import { allocate, type DType, type HostArray, sizeOf } from "@hooke/runtime";
import { type Dim, sameDim } from "../dims.ts";
import { Graph, identity, type Operand, operand } from "../graph.ts";
import { elementTypes } from "../messages.ts";
import { type RulesOf, refuseNode } from "./rule.ts";

const isNumber = (dimension: Dim): dimension is number => typeof dimension === "number";

/** A known array. */
export const known = (name: string, value: HostArray): Operand => ({
  ...operand(name, value.dtype, value.shape),
  value,
});

/** A list with an entry an axis, in the order of storage. */
const inStorage = <T>({ permutation }: Operand, list: readonly T[]): T[] => {
  const out = new Array<T>(list.length);
  for (const [axis, from] of permutation.entries()) out[from] = list[axis]!;
  return out;
};

/** An array of one operator that keeps the order of axes in which its operand is stored. */
const like = ({ permutation }: Operand, dtype: DType, shape: readonly Dim[], name: string): Operand => ({
  name,
  dtype,
  shape,
  stored: inStorage({ permutation } as Operand, shape),
  permutation,
});

type Name =
  | "full"
  | "constant"
  | "iota"
  | "reshape"
  | "transpose"
  | "broadcast"
  | "slice"
  | "pad"
  | "concat"
  | "reverse";

export const structure: RulesOf<Name> = {
  full(_graph, { params: { value, dtype, shape } }) {
    const stored = shape.map(() => 1);
    const data = allocate(dtype, 1);
    data[0] = value;
    return [{ ...known("number", { shape: stored, dtype, data }), shape }];
  },
  constant: (_graph, { params: { value } }) => [known("constant", value)],
  iota(graph, { params: { shape, axis, dtype } }) {
    const count = shape[axis]!;
    const stored = shape.map((_, i) => (i === axis ? count : 1));
    const permutation = identity(shape.length);
    if (isNumber(count)) {
      const data = allocate(dtype, count).map((_, i) => i) as HostArray["data"];
      const value = { shape: stored as number[], dtype, data };
      return [{ name: "iota", dtype, shape, stored, permutation, value }];
    }
    const [start, end] = [graph.integers([0]), graph.dims([count])];
    const scalar = (name: string): string => graph.add("Squeeze", [name, graph.integers([0])]);
    const range = graph.add("Range", [scalar(start), scalar(end), scalar(graph.integers([1]))]);
    const cast = graph.add("Cast", [range], { to: elementTypes[dtype] });
    const others = identity(shape.length).filter((i) => i !== axis);
    const name = others.length === 0 ? cast : graph.add("Unsqueeze", [cast, graph.integers(others)]);
    return [{ name, dtype, shape, stored, permutation }];
  },
  reshape(graph, { params: { shape } }, [x]) {
    const { dtype, value, stored } = x!;
    const plain = x!.permutation.every((from, axis) => from === axis);
    const whole = stored.every((dimension, axis) => sameDim(dimension, x!.shape[axis]!));
    // A constant that neither repeats nor is reordered, or one number that repeats everywhere.
    if (value !== undefined && plain && whole) return [{ ...operand(x!.name, dtype, shape), value }];
    if (value !== undefined && sizeOf(value.shape) === 1) {
      return [{ ...operand(x!.name, dtype, shape), stored: shape.map(() => 1), value }];
    }
    const open = shape.filter((dimension) => !isNumber(dimension)).length;
    const target = open === 1 ? graph.integers(shape.map((d) => (isNumber(d) ? d : -1))) : graph.dims(shape);
    return [operand(graph.add("Reshape", [graph.dense(x!), target]), dtype, shape)];
  },
  transpose(_graph, { params: { permutation } }, [x]) {
    return [
      {
        ...x!,
        shape: permutation.map((axis) => x!.shape[axis]!),
        permutation: permutation.map((axis) => x!.permutation[axis]!),
      },
    ];
  },
  broadcast(graph, { params: { shape, axes } }, [x]) {
    const order = identity(axes.length);
    const now = order.map((axis) => x!.stored[x!.permutation[axis]!]!);
    const stored: Dim[] = shape.map((_, axis) => (axes.includes(axis) ? now[axes.indexOf(axis)]! : 1));
    const added = identity(shape.length).filter((axis) => !axes.includes(axis));
    const permutation = identity(shape.length);
    const { dtype, value } = x!;
    const inOrder = x!.permutation.every((from, axis) => from === axis);
    if (value !== undefined && inOrder) return [{ name: x!.name, dtype, shape, stored, permutation, value }];
    const name = graph.ordered(x!, order);
    const spread = added.length === 0 ? name : graph.add("Unsqueeze", [name, graph.integers(added)]);
    return [{ name: spread, dtype, shape, stored, permutation }];
  },
  slice(graph, { params: { start, limit, strides }, outputs }, [x]) {
    const changed = identity(start.length).filter(
      (axis) => start[axis] !== 0 || strides[axis] !== 1 || !sameDim(limit[axis]!, x!.shape[axis]!),
    );
    if (changed.length === 0) return [x!];
    const pick = (list: readonly Dim[]): string => graph.dims(changed.map((axis) => list[axis]!));
    const axes = graph.integers(changed.map((axis) => x!.permutation[axis]!));
    const inputs = [graph.dense(x!, Graph.orderOf(x!)), pick(start), pick(limit), axes, pick(strides)];
    return [like(x!, x!.dtype, outputs[0]!.shape, graph.add("Slice", inputs))];
  },
  pad(graph, node, [x]) {
    const { low, high, interior, value } = node.params;
    if (interior.some((amount) => amount > 0)) refuseNode(node, "ONNX has no padding between elements.");
    const pads = graph.integers([...inStorage(x!, low), ...inStorage(x!, high)]);
    const inputs = [graph.dense(x!, Graph.orderOf(x!)), pads, graph.scalar(value, x!.dtype)];
    return [like(x!, x!.dtype, node.outputs[0]!.shape, graph.add("Pad", inputs, { mode: "constant" }))];
  },
  concat(graph, { params: { axis }, outputs: [y] }, all) {
    const inputs = all.filter(({ shape }) => shape[axis] !== 0);
    const lead = inputs.find(({ value }) => value === undefined) ?? inputs[0]!;
    const names = inputs.map((input) => graph.dense(input, Graph.orderOf(lead)));
    return [like(lead, y!.dtype, y!.shape, graph.add("Concat", names, { axis: lead.permutation[axis]! }))];
  },
  reverse(graph, { params: { axes }, outputs: [y] }, [x]) {
    if (axes.length === 0) return [x!];
    const all = (value: number): string => graph.integers(axes.map(() => value));
    const places = graph.integers(axes.map((axis) => x!.permutation[axis]!));
    // An end below every index: the first element is taken too.
    const inputs = [graph.dense(x!, Graph.orderOf(x!)), all(-1), all(-(2 ** 31)), places, all(-1)];
    return [like(x!, y!.dtype, y!.shape, graph.add("Slice", inputs))];
  },
};
