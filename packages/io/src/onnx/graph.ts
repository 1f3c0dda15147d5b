// A graph under construction, and the arrays in it. Repetition and reordering of axes wait until an operator needs them done:
// operators repeat dimensions of 1 themselves, and a pair of transposes around what is elementwise cancels.
import { allocate, type DType, type HostArray, sizeOf, stridesOf, type TypedArray } from "@hooke/runtime";
import type { Message } from "../protobuf.ts";
import { type Dim, sameDim, showDim } from "./dims.ts";
import { type Attributes, integersMessage, nodeMessage, tensorMessage } from "./messages.ts";

/** An array: what is stored, and how it is to be read. */
export interface Operand {
  readonly dtype: DType;
  /** Dimensions as read. */
  readonly shape: readonly Dim[];
  /** Dimensions as stored, in the order of storage: 1 where the array repeats. */
  readonly stored: readonly Dim[];
  /** Axis `i` as read is axis `permutation[i]` as stored. */
  readonly permutation: readonly number[];
  readonly name: string;
  /** What is stored, where it is known. It enters the file when an operator reads it. */
  readonly value?: HostArray;
}

export const identity = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);
const inverse = (permutation: readonly number[]): number[] => permutation.map((_, axis) => permutation.indexOf(axis));
const isIdentity = (permutation: readonly number[]): boolean => permutation.every((from, axis) => from === axis);

/** An array stored as it is read. */
export const operand = (name: string, dtype: DType, shape: readonly Dim[]): Operand => ({
  name,
  dtype,
  shape,
  stored: shape,
  permutation: identity(shape.length),
});

/** What all graphs of a file share: constants, names, and the name of the input that has the rows. */
class Shared {
  readonly initializers: Message[] = [];
  readonly constants = new Map<string, string>();
  readonly names = new Map<string, number>();
  readonly arrays = new Map<TypedArray, number>();
  readonly rowsOf: string;

  constructor(rowsOf: string) {
    this.rowsOf = rowsOf;
  }

  unique(wish: string): string {
    const count = this.names.get(wish) ?? 0;
    this.names.set(wish, count + 1);
    return count === 0 ? wish : this.unique(`${wish}_${count}`);
  }
}

/** A graph, or the body of a loop inside one, which sees what stands outside. */
export class Graph {
  readonly nodes: Message[] = [];
  /** The layer that nodes come from. */
  scope = "";
  readonly #shared: Shared;
  readonly #outer: Graph | undefined;
  readonly #known = new Map<string, string>();

  /** @param place the name of the input whose first dimension is the number of rows; or the graph outside */
  constructor(place: string | Graph) {
    this.#outer = typeof place === "string" ? undefined : place;
    this.#shared = typeof place === "string" ? new Shared(place) : place.#shared;
    if (typeof place !== "string") this.scope = place.scope;
  }

  get initializers(): readonly Message[] {
    return this.#shared.initializers;
  }

  unique(wish: string): string {
    return this.#shared.unique(wish);
  }

  #find(key: string): string | undefined {
    const found = this.#known.get(key);
    return found === undefined && this.#outer !== undefined ? this.#outer.#find(key) : found;
  }

  /** Adds an operator of one output, unless the same stands there. @returns the name of the output */
  add(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const key = JSON.stringify([operator, inputs, attributes]);
    const known = this.#find(key);
    if (known !== undefined) return known;
    const [output] = this.addMany(operator, inputs, 1, attributes);
    this.#known.set(key, output!);
    return output!;
  }

  addMany(operator: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const name = this.unique(this.scope === "" ? operator : `${this.scope}/${operator}`);
    const names = Array.from({ length: outputs }, (_, i) => this.unique(i === 0 ? `${name}:0` : `${name}:${i}`));
    this.nodes.push(nodeMessage(operator, name, inputs, names, attributes));
    return names;
  }

  /** Ends the graph with an array under a name of its own. */
  output(name: string, array: Operand): void {
    this.nodes.push(nodeMessage("Identity", this.unique("Identity"), [this.dense(array)], [name], {}));
  }

  /** The name of constant whole numbers. */
  integers(values: readonly number[]): string {
    const key = `integers ${values.join()}`;
    return this.#constant(key, "integers", (name) => integersMessage(name, values));
  }

  /** The name of a constant. */
  scalar(value: number, dtype: DType): string {
    const data = allocate(dtype, 1);
    data[0] = value;
    const key = `scalar ${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    return this.#constant(key, "scalar", (name) => tensorMessage(name, { shape: [], dtype, data }));
  }

  #constant(key: string, wish: string, write: (name: string) => Message): string {
    const { constants, initializers } = this.#shared;
    const known = constants.get(key);
    if (known !== undefined) return known;
    const name = this.unique(wish);
    constants.set(key, name);
    initializers.push(write(name));
    return name;
  }

  /** The name of dimensions as an array. */
  dims(shape: readonly Dim[]): string {
    if (shape.every((dimension) => typeof dimension === "number")) return this.integers(shape as readonly number[]);
    const parts = shape.map((dimension) => {
      if (typeof dimension === "number") return this.integers([dimension]);
      const rows = this.add("Shape", [this.#shared.rowsOf], { start: 0, end: 1 });
      return dimension.rows === 1 ? rows : this.add("Mul", [rows, this.integers([dimension.rows])]);
    });
    return parts.length === 1 ? parts[0]! : this.add("Concat", parts, { axis: 0 });
  }

  /** The name of an array in an order of axes, its repetitions still to be done: axis `i` is axis `order[i]` as read. */
  ordered({ name, value, stored, permutation }: Operand, order: readonly number[]): string {
    const from = order.map((axis) => permutation[axis]!);
    if (value === undefined) return isIdentity(from) ? name : this.add("Transpose", [name], { perm: from });
    const shape = stored as readonly number[];
    const { data } = value;
    const { arrays } = this.#shared;
    const number = data.length === 1 ? `${value.dtype} ${Object.is(data[0], -0) ? "-0" : data[0]}` : undefined;
    if (number === undefined && !arrays.has(data)) arrays.set(data, arrays.size);
    const key = `array ${number ?? arrays.get(data)} ${shape.join()} ${from.join()}`;
    return this.#constant(key, name, (unique) => tensorMessage(unique, transposed({ ...value, shape }, from)));
  }

  /** The name of an array as it is read: in order, and repeated. */
  dense(array: Operand, order: readonly number[] = identity(array.shape.length)): string {
    const name = this.ordered(array, order);
    const shape = order.map((axis) => array.shape[axis]!);
    const stored = order.map((axis) => array.stored[array.permutation[axis]!]!);
    return stored.every((dimension, axis) => sameDim(dimension, shape[axis]!))
      ? name
      : this.add("Expand", [name, this.dims(shape)]);
  }

  /** The order of axes in which an array is stored, for {@link ordered} and {@link dense}. */
  static orderOf({ permutation }: Operand): number[] {
    return inverse(permutation);
  }
}

/** Dimensions of arrays that repeat each other's 1s. */
export const joined = (shapes: readonly (readonly Dim[])[]): Dim[] =>
  shapes[0]!.map((_, axis) => shapes.map((shape) => shape[axis]!).find((dimension) => showDim(dimension) !== "1") ?? 1);

function transposed(x: HostArray, permutation: readonly number[]): HostArray {
  if (isIdentity(permutation)) return x;
  const shape = permutation.map((axis) => x.shape[axis]!);
  const strides = stridesOf(x.shape);
  const steps = permutation.map((axis) => strides[axis]!);
  const data = allocate(x.dtype, sizeOf(shape));
  const at = shape.map(() => 0);
  let from = 0;
  for (let i = 0; i < data.length; i++) {
    data[i] = x.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
  return { shape, dtype: x.dtype, data };
}
