// Matrix products, convolution and pooling.
import { describe, sizeOf } from "../array.ts";
import { checkShape } from "../check-array.ts";
import { fail } from "../error.ts";
import { tensorsFor } from "../literal.ts";
import { type Check, checkOptions, type OptionTable } from "../options/check-options.ts";
import { count, flag, list } from "../options/checks.ts";
import { convolution } from "../primitives/convolution.ts";
import { dot } from "../primitives/dot.ts";
import type { ConvParams, PoolParams } from "../primitives/params.ts";
import { pooling } from "../primitives/pooling.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastShapes } from "./align.ts";
import { div } from "./elementwise.ts";
import { floats } from "./requirements.ts";
import { type ArrayOperand, broadcastTo, expandDims, reshape, squeeze } from "./structure.ts";

/** Options of {@link matmul}: operands stored with their last two axes swapped. */
export interface MatmulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

const matmulTable: OptionTable<MatmulOptions> = { optional: { transposeA: flag, transposeB: flag } };

/**
 * Matrix product over the last two axes; leading axes broadcast. A vector operand is a row (left) or a column (right),
 * and that axis is dropped from the result.
 *
 * @throws naming both shapes if the inner dimensions differ
 */
export function matmul(a: ArrayOperand, b: ArrayOperand, options: MatmulOptions = {}): Tensor {
  checkOptions<MatmulOptions>("matmul", options, matmulTable);
  let [left, right] = tensorsFor("matmul", [a, b]) as [Tensor, Tensor];
  if (left.rank === 0 || right.rank === 0) {
    fail(
      "matmul",
      `received ${describe(left)} and ${describe(right)}; it takes vectors and matrices. Use mul for scalars.`,
      "mismatch",
    );
  }
  const drop: number[] = [];
  if (left.rank === 1) {
    left = expandDims(left, 0);
    drop.push(-2);
  }
  if (right.rank === 1) {
    right = expandDims(right, 1);
    drop.push(-1);
  }
  const params = { transposeA: options.transposeA ?? false, transposeB: options.transposeB ?? false };
  let result: Tensor;
  if (right.rank === 2 && left.rank > 2 && !params.transposeA) {
    // A stack of matrices times one matrix is one tall product.
    const rows = reshape(left, [sizeOf(left.shape.slice(0, -1)), left.shape.at(-1)!]);
    const product = emit(dot, "dot", [rows, right], params)[0]!;
    result = reshape(product, [...left.shape.slice(0, -1), product.shape[1]!]);
  } else {
    const batch = broadcastShapes("matmul", left.shape.slice(0, -2), right.shape.slice(0, -2));
    left = broadcastTo(left, [...batch, ...left.shape.slice(-2)]);
    right = broadcastTo(right, [...batch, ...right.shape.slice(-2)]);
    result = emit(dot, "dot", [left, right], params)[0]!;
  }
  return drop.length === 0 ? result : squeeze(result, drop);
}

const pairs: Check = (value) =>
  Array.isArray(value) && value.every((pair) => Array.isArray(pair) && pair.length === 2)
    ? undefined
    : "a list of [low, high]";
const slides = { stride: list, padding: pairs };

function convParams(who: string, x: Tensor, params: Partial<ConvParams>): ConvParams {
  checkOptions<Partial<ConvParams>>(who, params, { optional: { ...slides, dilation: list, groups: count } });
  const ones = Array.from({ length: x.rank - 2 }, () => 1);
  return {
    stride: params.stride ?? ones,
    padding: params.padding ?? ones.map((): readonly [number, number] => [0, 0]),
    dilation: params.dilation ?? ones,
    groups: params.groups ?? 1,
  };
}

/**
 * Cross-correlation over one to three spatial dimensions.
 *
 * @param x `[N, ...spatial, Cin]`
 * @param kernel `[...window, Cin / groups, Cout]`
 * @param params stride and dilation (default 1), padding (default none), groups (default 1)
 */
export function conv(x: ArrayOperand, kernel: ArrayOperand, params: Partial<ConvParams> = {}): Tensor {
  const [value, weights] = tensorsFor("conv", [x, kernel]) as [Tensor, Tensor];
  return emit(convolution, "conv", [value, weights], convParams("conv", value, params))[0]!;
}

/**
 * The transpose of {@link conv} in its input: what deep-learning texts call transposed convolution.
 *
 * @param cotangent `[N, ...outSpatial, Cout]`
 * @param kernel `[...window, Cin / groups, Cout]`
 * @param spatial the result's spatial dimensions; the result is `[N, ...spatial, Cin]`
 */
export function convTranspose(
  cotangent: ArrayOperand,
  kernel: ArrayOperand,
  spatial: readonly number[],
  params: Partial<ConvParams> = {},
): Tensor {
  checkShape("convTranspose", spatial);
  const [value, weights] = tensorsFor("convTranspose", [cotangent, kernel]) as [Tensor, Tensor];
  return emit(convolution, "convInputGradient", [value, weights], {
    ...convParams("convTranspose", value, params),
    spatial,
  })[0]!;
}

function poolParams(who: string, params: PoolOptions): PoolParams {
  checkOptions<PoolOptions>(who, params, { required: { window: list }, optional: slides });
  return {
    window: params.window,
    stride: params.stride ?? params.window,
    padding: params.padding ?? params.window.map((): readonly [number, number] => [0, 0]),
  };
}

/** Pooling options: stride defaults to the window, padding to none. */
export type PoolOptions = Partial<PoolParams> & Pick<PoolParams, "window">;

/** Maximum over windows of `x[N, ...spatial, C]`. */
export function maxPool(x: ArrayOperand, options: PoolOptions): Tensor {
  return emit(pooling, "maxPool", [tensorFor("maxPool", x)], poolParams("maxPool", options))[0]!;
}

/** Sum over windows of `x[N, ...spatial, C]`. */
export function sumPool(x: ArrayOperand, options: PoolOptions): Tensor {
  return sumOfWindows("sumPool", tensorFor("sumPool", x), options);
}

const sumOfWindows = (who: string, x: Tensor, options: PoolOptions): Tensor =>
  emit(pooling, "sumPool", [x], poolParams(who, options))[0]!;

/** Mean over windows of `x[N, ...spatial, C]`; padding counts as zeros. @throws on whole numbers */
export function averagePool(x: ArrayOperand, options: PoolOptions): Tensor {
  return div(
    sumOfWindows("averagePool", floats("averagePool", x), options),
    options.window.reduce((n, size) => n * size, 1),
  );
}
