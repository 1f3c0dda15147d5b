// The norm of vectors: no overflow or underflow on the way, and a derivative where formulas have none.
import { fail } from "../error.ts";
import { checkOptions, type OptionTable } from "../options/check-options.ts";
import { flag } from "../options/checks.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import {
  abs,
  add,
  div,
  equal,
  full,
  fullLike,
  greater,
  less,
  mul,
  select,
  sqrt,
  square,
  stopGradient,
} from "./elementwise.ts";
import { known } from "./known.ts";
import { max, sum } from "./reduction.ts";
import { filledAxes, floats, type ReductionOptions } from "./requirements.ts";
import { normalizeAxes, reshape } from "./structure.ts";

/** Options of {@link norm}. */
export interface NormOptions extends ReductionOptions {
  /** 2 is the Euclidean norm, 1 the sum of absolute values, Infinity the largest of them. Default 2. */
  readonly order?: number;
}

const anything = (): undefined => undefined;
/** Orders and axes are checked where they are used. */
const normTable: OptionTable<NormOptions> = { optional: { order: anything, axes: anything, keepDims: flag } };

/** Where squares come near the limits of the type, and the powers of two that bring them back. */
const ranges = {
  f32: { large: 2 ** 40, down: 2 ** -90, small: 2 ** -50, up: 2 ** 90 },
  f64: { large: 2 ** 400, down: 2 ** -600, small: 2 ** -400, up: 2 ** 600 },
} as const;

/**
 * The norm over axes (default all): `sqrt(sum(x^2))`, which neither overflows nor underflows on the way, and whose first
 * and second derivatives are exact. At 0, where a norm has no derivative, it is the subgradient 0, as in PyTorch, and not
 * the NaN of `sqrt(sum(square(x)))`.
 *
 * @throws on whole numbers, on another order than 1, 2 and Infinity, and for Infinity on an empty axis
 * @example
 * ```ts
 * import { array, grad, norm, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const length = (x: Tensor) => norm(x);
 * const slope = (x: Tensor) => grad(length)(x);
 * console.log((await run(referenceBackend(), length, array([3e30, 4e30]))).data[0]!.toPrecision(2)); // 5.0e+30
 * console.log((await run(referenceBackend(), slope, array([0, 0]))).data); // Float32Array(2) [ 0, 0 ]
 * ```
 */
export function norm(x: Operand, normOptions: NormOptions = {}): Tensor {
  checkOptions<NormOptions>("norm", normOptions, normTable);
  const { order = 2, ...options } = normOptions;
  const value = floats("norm", x);
  switch (order) {
    case 1:
      return sum(abs(value), options);
    case 2:
      return euclidean(value, options);
    case Infinity:
      return max(abs(value), { ...options, axes: filledAxes("norm", value, options.axes) });
    default:
      return fail("norm", `received the order ${order}; it takes 1, 2 or Infinity.`);
  }
}

function euclidean(value: Tensor, options: ReductionOptions): Tensor {
  const axes = normalizeAxes("norm", options.axes, value.rank);
  const total = sum(value, options);
  return axes.some((axis) => value.shape[axis] === 0) ? total : reshape(lengthOf(value, axes), total.shape);
}

/** The norm with its axes kept: a constant, and a 0 that changes as the norm does, by the unit vector. */
function lengthOf(x: Tensor, axes: readonly number[]): Tensor {
  const along = { axes, keepDims: true };
  const scale = scaleOf(x, along);
  const direction = (y: Tensor): Tensor => {
    const scaled = mul(y, scaleOf(y, along));
    const length = lengthOf(scaled, axes);
    const zero = equal(length, 0);
    return select(zero, 0, div(scaled, select(zero, 1, length)));
  };
  const change = known(`norm over ${axes}`, [x], (y) => fullLike(y, 0), [direction]);
  return add(stopGradient(div(sqrt(sum(square(mul(x, scale)), along)), scale)), sum(change, along));
}

/** A power of two, which is exact, and constant: the norm does not depend on it. */
function scaleOf(x: Tensor, along: ReductionOptions): Tensor {
  const like = (number: number): Tensor => full([], number, x.dtype);
  const { large, down, small, up } = ranges[x.dtype as "f32" | "f64"];
  const highest = stopGradient(max(abs(x), along));
  return select(greater(highest, like(large)), like(down), select(less(highest, like(small)), like(up), like(1)));
}
