// Writing down kernel calls: each method appends calls to the plan and returns a reference to the result.
import {
  allocate,
  fail,
  type HostArray,
  type PrimitiveName,
  type Shape,
  sameShape,
  sizeOf,
  type TypedArray,
} from "@hooke/runtime";
import type { NamedAttrMap } from "@tensorflow/tfjs-core";
import type { Capabilities } from "./capabilities.ts";
import { around, collapseBroadcast, collapsePermutation, expandIndices, permuteIndices } from "./shapes.ts";
import { dtypeOf, type KernelCall, type KernelInputs, type Kind, type Ref, type Step, type Target } from "./step.ts";

/** Ranks up to this are handed to kernels; above, indices are computed here. tfjs's WebGPU kernels are wrong at 5 and 6. */
const maxRank = 4;
/** Repeated numbers up to this size are stored when a program is prepared; larger ones are made anew in each run. */
const largestConstant = 2 ** 14;

/** Appends kernel calls to a plan. */
export class Kernels {
  /** @hidden What has been written down; for the planner. */
  readonly steps: Step[] = [];
  /** @hidden Arrays known now; for the planner. */
  readonly constants: { readonly to: Ref; readonly array: HostArray }[] = [];
  /** What is being lowered now. */
  primitive: PrimitiveName = "constant";
  /** What the engine's kernels can do. */
  readonly can: Capabilities;
  private readonly target: Target;
  private readonly cache = new Map<string, Ref>();
  private readonly weightShapes = new Map<number, Shape>();
  private count = 0;

  constructor(target: Target) {
    this.target = target;
    this.can = target.capabilities;
  }

  get slots(): number {
    return this.count;
  }

  /** A slot for one more array. */
  slot(): number {
    return this.count++;
  }

  /** A reference to an array that something else provides. */
  ref(shape: Shape, dtype: Kind): Ref {
    return { slot: this.slot(), shape, dtype };
  }

  /** Whether the engine has a kernel. */
  offers(kernel: string): boolean {
    return this.target.has(kernel);
  }

  /** Refuses what tfjs cannot express. */
  refuse(what: string): never {
    return fail(`backend ${this.target.name}`, `${this.primitive}: ${what}`, "unsupported");
  }

  /** One kernel call with one output. Empty outputs cost no call. */
  call(kernel: string, inputs: KernelInputs, attrs: NamedAttrMap, shape: Shape, dtype: Kind): Ref {
    return this.calls(kernel, inputs, attrs, [{ shape, dtype }])[0]!;
  }

  /** One kernel call with several outputs of the same size. */
  calls(
    kernel: string,
    inputs: KernelInputs,
    attrs: NamedAttrMap,
    results: readonly { readonly shape: Shape; readonly dtype: Kind }[],
  ): readonly Ref[] {
    if (sizeOf(results[0]!.shape) === 0) return results.map(({ shape, dtype }) => this.zeros(shape, dtype));
    if (!this.target.has(kernel)) this.refuse(`the engine has no ${kernel} kernel.`);
    const outputs = results.map(({ shape, dtype }) => this.ref(shape, dtype));
    const call: KernelCall = { kernel, inputs, attrs, outputs, primitive: this.primitive };
    this.target.checkCall(call);
    this.steps.push({ kind: "kernel", call, release: [] });
    return outputs;
  }

  /** An array known now; uploaded once, when the program is prepared. */
  constant(data: TypedArray, shape: Shape, dtype: Kind): Ref {
    const to = this.ref(shape, dtype);
    this.constants.push({ to, array: { shape, dtype: dtypeOf(dtype), data } });
    return to;
  }

  /** Whole numbers known now. */
  integers(values: ArrayLike<number>, shape: Shape = [values.length]): Ref {
    return this.constant(Int32Array.from(values), shape, "int32");
  }

  /** One known number, of rank 0. */
  scalar(value: number, dtype: Kind = "float32"): Ref {
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : value}`;
    let found = this.cache.get(key);
    if (found === undefined) {
      found = { ...this.constant(allocate(dtypeOf(dtype), 1).fill(value), [], dtype), scalar: value };
      this.cache.set(key, found);
    }
    return found;
  }

  private filled(value: number, shape: Shape, dtype: Kind): Ref {
    const size = sizeOf(shape);
    const key = `${dtype} ${Object.is(value, -0) ? "-0" : value} x ${size}`;
    let found = this.cache.get(key);
    if (found === undefined) {
      found = this.constant(allocate(dtypeOf(dtype), size).fill(value), [size], dtype);
      this.cache.set(key, found);
    }
    return this.reshape(found, shape);
  }

  /** Zeros; all empty arrays are of these. */
  zeros(shape: Shape, dtype: Kind): Ref {
    if (sizeOf(shape) > 0) return this.expand(this.scalar(0, dtype), shape);
    const key = `${dtype} empty`;
    let found = this.cache.get(key);
    if (found === undefined) {
      found = this.constant(allocate(dtypeOf(dtype), 0), [0], dtype);
      this.cache.set(key, found);
    }
    return { ...found, shape };
  }

  /** The same elements under another shape; free. */
  reshape(x: Ref, shape: Shape): Ref {
    return sameShape(x.shape, shape) ? x : { ...x, shape };
  }

  unary(kernel: string, x: Ref): Ref {
    return this.call(kernel, { x }, {}, x.shape, x.dtype);
  }

  /** An elementwise kernel of two operands, which may be of lower rank or repeat along dimensions of 1. */
  binary(kernel: string, a: Ref, b: Ref, dtype: Kind = a.dtype): Ref {
    const { left, right, shape } = collapseBroadcast(a.shape, b.shape);
    const fits = left.length <= maxRank;
    const inputs = fits
      ? { a: this.reshape(a, left), b: this.reshape(b, right) }
      : { a: this.flat(this.expand(a, shape)), b: this.flat(this.expand(b, shape)) };
    const flat = fits ? left.map((d, i) => (d === 1 ? right[i]! : d)) : [sizeOf(shape)];
    return this.reshape(this.call(kernel, inputs, {}, flat, dtype), shape);
  }

  /**
   * `condition ? a : b`. In one dimension: tfjs's WebGPU kernel is wrong at ranks 5 and 6, and others repeat conditions.
   * Without it for booleans: the wasm kernel takes their bytes for 32-bit words and writes past the end.
   */
  select(condition: Ref, a: Ref, b: Ref): Ref {
    if (a.dtype === "bool") {
      const otherwise = this.binary("LogicalAnd", this.unary("LogicalNot", condition), b);
      return this.binary("LogicalOr", this.binary("LogicalAnd", condition, a), otherwise);
    }
    const shape = collapseBroadcast(collapseBroadcast(condition.shape, a.shape).shape, b.shape).shape;
    const [c, t, e] = [condition, a, b].map((x) => this.flat(this.expand(x, shape))) as [Ref, Ref, Ref];
    return this.reshape(this.call("Select", { condition: c, t, e }, {}, t.shape, a.dtype), shape);
  }

  /** tfjs's own conversion. */
  cast(x: Ref, dtype: Kind): Ref {
    return x.dtype === dtype ? x : this.call("Cast", { x }, { dtype }, x.shape, dtype);
  }

  /** One dimension. */
  flat(x: Ref): Ref {
    return this.reshape(x, [sizeOf(x.shape)]);
  }

  /** Repeats along dimensions of 1 (and new leading ones) until the shape is reached. */
  expand(x: Ref, shape: Shape): Ref {
    if (sizeOf(x.shape) === sizeOf(shape)) return this.reshape(x, shape);
    if (x.scalar !== undefined && sizeOf(shape) <= largestConstant) return this.filled(x.scalar, shape, x.dtype);
    const padded = [...shape.slice(x.shape.length).map(() => 1), ...x.shape];
    const { left, right } = collapseBroadcast(padded, shape);
    if (left.length > maxRank) return this.reshape(this.pick(x, expandIndices(left, right)), shape);
    const reps = right.map((dimension, axis) => (left[axis] === 1 ? dimension : 1));
    const tiled = this.call("Tile", { x: this.reshape(x, left) }, { reps }, right, x.dtype);
    return this.reshape(tiled, shape);
  }

  transpose(x: Ref, permutation: readonly number[]): Ref {
    const shape = permutation.map((axis) => x.shape[axis]!);
    const { sizes, perm } = collapsePermutation(x.shape, permutation);
    if (perm.every((axis, i) => axis === i)) return this.reshape(x, shape);
    if (perm.length > maxRank) return this.reshape(this.pick(x, permuteIndices(sizes, perm)), shape);
    const out = perm.map((axis) => sizes[axis]!);
    return this.reshape(this.call("Transpose", { x: this.reshape(x, sizes) }, { perm }, out, x.dtype), shape);
  }

  /** Part of an array along one axis. */
  slice(x: Ref, axis: number, from: number, to: number): Ref {
    const [outer, length, inner] = around(x.shape, axis);
    if (from === 0 && to === length) return x;
    const shape = x.shape.map((dimension, i) => (i === axis ? to - from : dimension));
    const attrs = { begin: [0, from, 0], size: [outer, to - from, inner] };
    return this.reshape(
      this.call("Slice", { x: this.reshape(x, [outer, length, inner]) }, attrs, attrs.size, x.dtype),
      shape,
    );
  }

  concat(parts: readonly Ref[], axis: number): Ref {
    const shape = parts[0]!.shape.with(
      axis,
      parts.reduce((total, part) => total + part.shape[axis]!, 0),
    );
    const real = parts.filter((part) => part.shape[axis]! > 0);
    if (real.length === 1) return real[0]!;
    const [outer, length, inner] = around(shape, axis);
    const inputs = real.map((part) => this.reshape(part, [outer, part.shape[axis]! * inner]));
    return this.reshape(this.call("Concat", inputs, { axis: 1 }, [outer, length * inner], parts[0]!.dtype), shape);
  }

  /** Elements of the flattened array at indices known now. */
  pick(x: Ref, indices: readonly number[]): Ref {
    return this.flat(this.pickAxis(this.flat(x), 0, this.integers(indices)));
  }

  /** Entries of one axis at indices that are all in range; the axis gets the length of `indices`. */
  pickAxis(x: Ref, axis: number, indices: Ref): Ref {
    const [outer, length, inner] = around(x.shape, axis);
    const count = sizeOf(indices.shape);
    const inputs = { x: this.reshape(x, [outer, length, inner]), indices: this.flat(indices) };
    const picked = this.call("GatherV2", inputs, { axis: 1, batchDims: 0 }, [outer, count, inner], x.dtype);
    return this.reshape(picked, x.shape.with(axis, count));
  }

  /**
   * The second operand of a product, as an array that no other product reads under another shape: tfjs's wasm engine keeps
   * what XNNPACK prepares of it by array, whatever the shape.
   */
  ownWeights(x: Ref): Ref {
    const before = this.weightShapes.get(x.slot);
    if (this.can.freshWeights || before === undefined || sameShape(before, x.shape)) {
      this.weightShapes.set(x.slot, x.shape);
      return x;
    }
    const flat = this.flat(x);
    return this.reshape(
      this.call("Slice", { x: flat }, { begin: [0], size: [...flat.shape] }, flat.shape, x.dtype),
      x.shape,
    );
  }

  /** A reduction of the last of two dimensions. */
  reduceRows(kernel: "Sum" | "Max" | "Min" | "ArgMax", x: Ref, dtype: Kind = x.dtype): Ref {
    const axis = kernel === "Max" ? { reductionIndices: [1] } : { axis: kernel === "ArgMax" ? 1 : [1] };
    const attrs = { ...axis, keepDims: false };
    return this.call(kernel, { x }, attrs, [x.shape[0]!], dtype);
  }
}
