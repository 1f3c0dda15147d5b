// Reductions, products of matrices, indexing, running sums.
import type { DType, HostArray } from "@hooke/runtime";
import { Graph, identity, type Operand, operand } from "../graph.ts";
import { elementTypes } from "../messages.ts";
import { needTypes, type Rule, type RulesOf, refuseNode } from "./rule.ts";

/** A reduction in the order of axes in which its operand is stored. */
function reduce<K extends "sum" | "max" | "min">(operator: string): Rule<K> {
  return (graph, node, [x]) => {
    needTypes(node as never, ["f32", "f64", "i32"]);
    const { axes } = node.params as { readonly axes: readonly number[] };
    if (axes.length === 0) return [x!];
    const kept = identity(x!.shape.length).filter((axis) => !axes.includes(axis));
    const places = graph.integers(axes.map((axis) => x!.permutation[axis]!));
    const dense = graph.dense(x!, Graph.orderOf(x!));
    // Sums of whole numbers start again from below, as here, where there is room for them.
    const isCount = operator === "ReduceSum" && x!.dtype === "i32";
    const wide = isCount ? graph.add("Cast", [dense], { to: elementTypes.i64 }) : dense;
    const reduced = graph.add(operator, [wide, places], { keepdims: 0 });
    const name = isCount ? cast(graph, reduced, "i32") : reduced;
    const from = kept.map((axis) => x!.permutation[axis]!);
    const order = [...from].sort((a, b) => a - b);
    const permutation = from.map((place) => order.indexOf(place));
    const { shape, dtype } = node.outputs[0]!;
    const stored = order.map((place) => x!.shape[x!.permutation.indexOf(place)]!);
    return [{ name, dtype, shape, stored, permutation }];
  };
}

const swapped = (rank: number): number[] => [...identity(rank - 2), rank - 1, rank - 2];

/** Whether known indices all lie within an axis. */
const within = (value: HostArray | undefined, size: number): boolean =>
  value?.data.every((index) => index >= 0 && index < size) ?? false;

function cast(graph: Graph, name: string, dtype: DType): string {
  return graph.add("Cast", [name], { to: elementTypes[dtype] });
}

export const arrays: RulesOf<"sum" | "max" | "min" | "argMax" | "dot" | "gather" | "scatterAdd" | "cumsum"> = {
  sum: reduce("ReduceSum"),
  max: reduce("ReduceMax"),
  min: reduce("ReduceMin"),
  argMax(graph, { params: { axis }, outputs: [y] }, [x]) {
    const indices = graph.add("ArgMax", [graph.dense(x!)], { axis, keepdims: 0, select_last_index: 0 });
    return [operand(cast(graph, indices, "i32"), "i32", y!.shape)];
  },
  dot(graph, node, [a, b]) {
    needTypes(node as never, ["f32", "f64", "i32"]);
    const { transposeA, transposeB } = node.params;
    const rank = a!.shape.length;
    const name = (x: Operand, transpose: boolean): string => graph.dense(x, transpose ? swapped(rank) : identity(rank));
    const { dtype, shape } = node.outputs[0]!;
    return [operand(graph.add("MatMul", [name(a!, transposeA), name(b!, transposeB)]), dtype, shape)];
  },
  gather(graph, node, [x, indices]) {
    const { axis } = node.params;
    const { dtype, shape } = node.outputs[0]!;
    const size = x!.shape[axis]!;
    const [from, at] = [graph.dense(x!), graph.dense(indices!)];
    const read = (index: string): string => graph.add("Gather", [from, index], { axis });
    if (typeof size === "number" && within(indices!.value, size)) return [operand(read(at), dtype, shape)];
    // An index out of range reads 0 here; ONNX counts from the end, or stops.
    const end = graph.add("Squeeze", [graph.dims([size]), graph.integers([0])]);
    const last = graph.add("Sub", [cast(graph, end, "i32"), graph.scalar(1, "i32")]);
    const clipped = graph.add("Max", [graph.add("Min", [at, last]), graph.scalar(0, "i32")]);
    const inside = graph.add("Equal", [clipped, at]);
    const behind = identity(x!.shape.length - axis - 1).map((i) => indices!.shape.length + i);
    const mask = behind.length === 0 ? inside : graph.add("Unsqueeze", [inside, graph.integers(behind)]);
    const found =
      dtype === "bool"
        ? graph.add("And", [mask, read(clipped)])
        : graph.add("Where", [mask, read(clipped), graph.scalar(0, dtype)]);
    return [operand(found, dtype, shape)];
  },
  scatterAdd(graph, node, [indices, updates]) {
    const { axis, size } = node.params;
    if (axis !== 0) refuseNode(node as never, "only sums along the first axis have an operator.");
    needTypes(node as never, ["f32", "f64", "i32"]);
    const { dtype, shape } = node.outputs[0]!;
    const [at, rows] = [graph.dense(indices!), graph.dense(updates!)];
    // An index out of range adds nothing here, in a row behind the last one there: ONNX counts from the end, or stops.
    const end = graph.dims([size]);
    const behind = cast(graph, graph.add("Squeeze", [end, graph.integers([0])]), "i32");
    const inside = graph.add("And", [
      graph.add("GreaterOrEqual", [at, graph.scalar(0, "i32")]),
      graph.add("Less", [at, behind]),
    ]);
    const place = graph.add("Cast", [graph.add("Where", [inside, at, behind])], { to: elementTypes.i64 });
    const each = graph.add("Unsqueeze", [place, graph.integers([-1])]);
    const room = graph.add("Add", [end, graph.integers([1])]);
    const whole = shape.length === 1 ? room : graph.add("Concat", [room, graph.dims(shape.slice(1))], { axis: 0 });
    const zeros = graph.add("Expand", [graph.scalar(0, dtype), whole]);
    const sums = graph.add("ScatterND", [zeros, each, rows], { reduction: "add" });
    const kept = [sums, graph.integers([0]), end, graph.integers([0])];
    return [operand(graph.add("Slice", kept), dtype, shape)];
  },
  cumsum(graph, { params: { axis, reverse }, outputs: [y] }, [x]) {
    const name = graph.add("CumSum", [graph.dense(x!), graph.integers([axis])], { reverse: reverse ? 1 : 0 });
    return [operand(name, y!.dtype, y!.shape)];
  },
};
