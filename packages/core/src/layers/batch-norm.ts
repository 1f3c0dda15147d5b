// Batch normalisation: statistics of the batch in training, running statistics otherwise.
import {
  add,
  checks,
  convert,
  describe,
  div,
  greater,
  HookeError,
  maximum,
  mean,
  mul,
  select,
  sizeOf,
  square,
  stopGradient,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import type { ParameterSpec } from "../initializers/initializer.ts";
import type { BatchShare } from "../model/batch-share.ts";
import { defineLayer } from "../model/define-layer.ts";
import { sequenceLengths, withinLengths } from "../model/sequence.ts";
import { affine, affineParams, channelsOf, inverseDeviation, meanError } from "./normalize.ts";

/** Options of {@link batchNorm}. */
export interface BatchNormConfig {
  /** Weight of a batch in the running statistics: `new = (1 - momentum) old + momentum batch`. Default 0.1. */
  readonly momentum?: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
}

/**
 * Normalises each channel (the last axis) over batch and space: by the batch's mean and variance in training, by the running
 * ones otherwise; then `x scale + bias`. Ioffe and Szegedy 2015, with PyTorch's conventions: the batch is normalised by its
 * variance over `n`, the running variance takes the one over `n - 1`.
 *
 * NaN where a variance overflows, in f32 from deviations of 1e19 on; PyTorch gives 0 there.
 *
 * Of sequences `[batch, time, ..., channels]` with the extra `lengths`, `i32[batch]`, only the steps that count enter the statistics;
 * a batch without any leaves the running ones as they are.
 *
 * Where processes share a batch, its statistics are those of all rows of it, or of each share by itself: see `Ranks`.
 *
 * Parameters: `scale [channels]`, `bias [channels]`; state: `mean [channels]`, `variance [channels]`.
 *
 * @throws in training, on one value per channel
 */
export const batchNorm = /* @__PURE__ */ defineLayer({
  type: "batchNorm",
  options: { optional: { momentum: checks.fraction, epsilon: checks.positive } },
  params: (_config: BatchNormConfig, inputShape) => affineParams(inputShape),
  state: (_config, inputShape): { readonly mean: ParameterSpec; readonly variance: ParameterSpec } => ({
    mean: { shape: channelsOf(inputShape), initializer: "zeros" },
    variance: { shape: channelsOf(inputShape), initializer: "ones" },
  }),
  apply: ({ config, params, state, training, extras, share }, x) => {
    const lengths = x.rank > 2 ? sequenceLengths(extras.lengths, x) : undefined;
    const { momentum = 0.1, epsilon } = config;
    if (!training) {
      const scale = mul(params.scale, inverseDeviation(state.variance, epsilon));
      return [affine(sub(x, state.mean), { scale, bias: params.bias }), state];
    }
    const counted = lengths === undefined ? wholeBatch(x) : countedSteps(x, lengths);
    const { mean: batchMean, variance, centered, unbiased, some } = statisticsOf(x, counted, share);
    const scale = mul(params.scale, inverseDeviation(variance, epsilon));
    const next = (running: Tensor, batch: Tensor): Tensor => add(mul(running, 1 - momentum), batch);
    const nextState = {
      mean: next(state.mean, mul(batchMean, momentum)),
      variance: next(state.variance, mul(variance, unbiased(momentum))),
    };
    if (some !== undefined) {
      nextState.mean = select(some, nextState.mean, state.mean);
      nextState.variance = select(some, nextState.variance, state.variance);
    }
    return [affine(centered, { scale, bias: params.bias }), nextState];
  },
});

/** What counts in the statistics of a batch, or of the share of it that is here. */
interface Counted {
  /** Values of each channel. */
  readonly count: Tensor | number;
  /** Values with 0 where they do not count. */
  readonly within: (values: Tensor) => Tensor;
  /** The mean of each channel. */
  readonly meanOf: (values: Tensor) => Tensor;
}

/** Each channel's statistics, `[channels]`. */
interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** The input without its mean. */
  readonly centered: Tensor;
  /** A number times `n / (n - 1)`. */
  readonly unbiased: (factor: number) => Tensor | number;
  /** Whether anything counts, where that is not certain. */
  readonly some?: Tensor;
}

const allButChannels = (x: Tensor): readonly number[] => x.shape.slice(0, -1).map((_, axis) => axis);

const wholeBatch = (x: Tensor): Counted => ({
  count: sizeOf(x.shape.slice(0, -1)),
  within: (values) => values,
  meanOf: (values) => mean(values, { axes: allButChannels(x) }),
});

function countedSteps(x: Tensor, lengths: Tensor): Counted {
  const within = (values: Tensor): Tensor => withinLengths(values, lengths);
  const count = convert(mul(sum(lengths), sizeOf(x.shape.slice(2, -1))), x.dtype);
  return {
    count,
    within,
    meanOf: (values) => div(sum(within(values), { axes: allButChannels(x) }), maximum(count, 1)),
  };
}

/** @throws on one value per channel */
function statisticsOf(x: Tensor, counted: Counted, share: BatchShare | undefined): Statistics {
  const { within, meanOf } = counted;
  const ownMean = meanOf(x);
  const nearly = within(sub(within(x), ownMean));
  const left = meanError(nearly, meanOf);
  const centered = within(sub(nearly, left));
  const variance = meanOf(square(centered));
  const own = { mean: ownMean, variance, centered };
  return share?.total === undefined
    ? { ...own, ...counts(x, counted.count) }
    : sharedStatistics(x, counted, { ...own, left }, share, share.total);
}

/** @throws on one value per channel */
function counts(x: Tensor, count: Tensor | number): Pick<Statistics, "unbiased" | "some"> {
  if (typeof count !== "number") {
    return {
      unbiased: (factor) => mul(div(count, maximum(sub(count, 1), 1)), factor),
      some: greater(count, 0),
    };
  }
  if (count < 2) {
    throw new HookeError(
      `expected more than one value per channel in training, received ${describe(x)}; train on batches of more rows.`,
      { code: "mismatch" },
    );
  }
  return { unbiased: (factor) => (factor * count) / (count - 1) };
}

/**
 * The statistics of the batch, from those of its shares: `sum (x - c)^2` of all is that of each about its own mean, and `n (mean - c)^2` of each (Chan,
 * Golub and LeVeque 1983). What rounding has left in `c` is a constant for derivatives, as in the statistics of a share.
 */
function sharedStatistics(
  x: Tensor,
  { count: n, within }: Counted,
  own: Pick<Statistics, "mean" | "variance"> & { readonly left: Tensor },
  { rows, of }: BatchShare,
  total: (own: Tensor) => Tensor,
): Statistics {
  const all = typeof n === "number" ? (n / rows) * of : total(n);
  const some = typeof all === "number" ? all : maximum(all, 1);
  const center = div(total(mul(own.mean, n)), some);
  const offset = add(sub(own.mean, center), own.left);
  const squares = total(mul(add(own.variance, square(offset)), n));
  const left = stopGradient(div(total(stopGradient(mul(offset, n))), some));
  return {
    mean: center,
    variance: sub(div(squares, some), square(left)),
    centered: within(sub(within(sub(x, center)), left)),
    ...counts(x, all),
  };
}
