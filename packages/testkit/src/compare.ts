// Comparing arrays: exactly for integers, booleans and moves, to a tolerance for floats.
import { describe, evaluate, type HostArray, isFloat, type PrimitiveName } from "@hooke/runtime";
import type { PrimitiveCase } from "./cases/case.ts";

/** How far floats may be apart. */
export interface Tolerance {
  /** Allowed error relative to the magnitude of the expected value; one number, or one per float dtype. */
  readonly relative: number | { readonly f32: number; readonly f64: number };
  /**
   * The magnitude of each element: default its absolute value; `"largest"`: that of the array's largest element;
   * `"largest or 1"`: at least 1, for results that may cancel.
   */
  readonly magnitude?: HostArray | "largest" | "largest or 1";
}

/** Below this, results may be flushed to zero. */
const smallest = { f32: 2e-38, f64: 1e-307 };

/** Says where and how much `actual` differs from `expected`; nothing if it does not. */
export function difference(actual: HostArray, expected: HostArray, tolerance?: Tolerance): string | undefined {
  if (describe(actual) !== describe(expected)) return `is ${describe(actual)}, expected ${describe(expected)}`;
  const { dtype } = expected;
  if (dtype === "f32" || dtype === "f64") {
    const relative = typeof tolerance?.relative === "object" ? tolerance.relative[dtype] : (tolerance?.relative ?? 0);
    const magnitude = magnitudes(expected, tolerance?.magnitude);
    for (let i = 0; i < expected.data.length; i++) {
      const value = actual.data[i]!;
      const truth = expected.data[i]!;
      const close =
        value === truth ||
        Object.is(value, truth) ||
        Math.abs(value - truth) <= relative * magnitude(i) + (relative > 0 ? smallest[dtype] : 0);
      if (!close) return `element ${i} is ${value}, expected ${truth} (within ${relative} of ${magnitude(i)})`;
    }
    return undefined;
  }
  for (let i = 0; i < expected.data.length; i++) {
    if (actual.data[i] !== expected.data[i]) return `element ${i} is ${actual.data[i]}, expected ${expected.data[i]}`;
  }
  return undefined;
}

function magnitudes(expected: HostArray, given: Tolerance["magnitude"]): (i: number) => number {
  if (given === "largest" || given === "largest or 1") {
    let largest = given === "largest" ? 0 : 1;
    for (const value of expected.data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    return () => largest;
  }
  return (i) => Math.abs((given ?? expected).data[i]!);
}

/** Primitives whose results are moved, chosen, converted or counted: nothing is rounded on the way. */
const exact = new Set<PrimitiveName>([
  "full",
  "constant",
  "iota",
  "reshape",
  "transpose",
  "broadcast",
  "slice",
  "pad",
  "concat",
  "reverse",
  "select",
  "stopGradient",
  "known",
  "neg",
  "abs",
  "sign",
  "floor",
  "max",
  "min",
  "maximum",
  "minimum",
  "maxPool",
  "poolGather",
  "gather",
  "sort",
  "convert",
  "not",
  "equal",
  "notEqual",
  "less",
  "lessEqual",
  "and",
  "or",
  "xor",
  "shiftLeft",
  "shiftRight",
  "randomBits",
  "foldKey",
  "pack",
  "unpack",
  "argMax",
  "argSort",
  "maxPoolIndex",
]);

/** Primitives that add many products: their error is relative to the sum of the absolute terms. */
const sums = new Set<PrimitiveName>([
  "sum",
  "cumsum",
  "dot",
  "conv",
  "convInputGradient",
  "convKernelGradient",
  "poolScatter",
  "sumPool",
  "sumPoolTranspose",
  "scatterAdd",
]);

/** Zeros of these are approached with an error relative to 1, the size of the function elsewhere. */
const bounded = new Set<PrimitiveName>(["sin", "cos"]);

/** The elements of these depend on each other: their error is relative to the largest. */
const joint = new Set<PrimitiveName>(["scan", "cholesky", "triangularSolve"]);

const relative = { f32: 1e-5, f64: 1e-12 };

/** How far floats that a primitive computes may be from the reference, in words; integers and booleans are compared exactly. */
export function toleranceInWords(primitive: PrimitiveName): string {
  if (exact.has(primitive)) return "exact";
  const size = sums.has(primitive)
    ? "the sum of the absolute terms"
    : bounded.has(primitive)
      ? "1"
      : joint.has(primitive)
        ? "the largest value"
        : "the value";
  return `${relative.f32.toExponential()} (f32), ${relative.f64.toExponential()} (f64) of ${size}`;
}

/** The tolerance of one primitive on given inputs. */
export function toleranceOf({ primitive, inputs, params }: PrimitiveCase, output: HostArray): Tolerance | undefined {
  if (exact.has(primitive)) return undefined;
  if (sums.has(primitive)) {
    const absolute = inputs.map((x) => (isFloat(x.dtype) ? { ...x, data: x.data.map(Math.abs) as typeof x.data } : x));
    return { relative, magnitude: evaluate(primitive, absolute, params)[0]! };
  }
  if (bounded.has(primitive)) return { relative, magnitude: { ...output, data: output.data.map(() => 1) } };
  return joint.has(primitive) ? { relative, magnitude: "largest" } : { relative };
}
