// Averages of the parameters along the training: kept in the optimizer's slots, so that checkpoints hold them.
import { accumulationOf, fitChecks, type Optimizer, type TensorTree, updateBy } from "@hooke/core";
import {
  add,
  and,
  checkArgument,
  checkOptions,
  checks,
  convert,
  div,
  equal,
  greaterEqual,
  lessEqual,
  mul,
  rem,
  select,
  sub,
  type Tensor,
  treeMap,
} from "@hooke/runtime";

/** The slot that holds the average. */
export const averageSlot = "averagedParameters";

/** Options of {@link exponentialMovingAverage}. */
export interface ExponentialMovingAverageOptions {
  /** Share of the average that each update keeps, in [0, 1). Default 0.999: about the last 1,000 updates. */
  readonly decay?: number;
}

/**
 * An optimizer that also keeps `average = decay average + (1 - decay) params`, from the parameters after the first
 * update on: PyTorch's AveragedModel with `get_ema_multi_avg_fn`. Training goes on as without it; {@link averagedModel}
 * makes a model of the average. Put it outside of other wrappers, so that it averages what they leave. Polyak and
 * Juditsky, "Acceleration of stochastic approximation by averaging" (SIAM Journal on Control and Optimization, 1992).
 *
 * Slots: `averagedParameters`, without those of `frozen` layers, and those of the optimizer under `optimizer`.
 */
export function exponentialMovingAverage(options: ExponentialMovingAverageOptions, optimizer: Optimizer): Optimizer {
  checkOptions<ExponentialMovingAverageOptions>("exponentialMovingAverage", options, {
    optional: { decay: checks.fraction },
  });
  const { decay = 0.999 } = options;
  return averaging("exponentialMovingAverage", optimizer, (average, value, step) =>
    select(lessEqual(step, 1), value, add(average, mul(sub(value, average), 1 - decay))),
  );
}

/** Options of {@link stochasticWeightAveraging}. */
export interface StochasticWeightAveragingOptions {
  /**
   * The update, counted from 1, after which the first parameters are taken. Before it the average is the last
   * parameters.
   */
  readonly start: number;
  /** Updates from one taking to the next: those of an epoch, usually. */
  readonly every: number;
}

/**
 * An optimizer that also keeps the plain mean of the parameters after update `start` and every `every` updates
 * from then on: PyTorch's AveragedModel. {@link averagedModel} makes a model of the mean; `estimateBatchNorm` gives its
 * norms statistics of their own. A learning rate that stays high from `start` on, or comes back in cycles, is meant to
 * go with it. Izmailov et al., "Averaging weights leads to wider optima and better generalization" (UAI 2018).
 *
 * Slots: `averagedParameters`, without those of `frozen` layers, and those of the optimizer under `optimizer`.
 */
export function stochasticWeightAveraging(options: StochasticWeightAveragingOptions, optimizer: Optimizer): Optimizer {
  checkOptions<StochasticWeightAveragingOptions>("stochasticWeightAveraging", options, {
    required: { start: checks.count, every: checks.count },
  });
  const { start, every } = options;
  return averaging("stochasticWeightAveraging", optimizer, (average, value, step) => {
    const since = sub(step, start);
    const taken = add(div(since, every), 1);
    const due = and(greaterEqual(step, start), equal(rem(since, every), 0));
    const mean = add(average, div(sub(value, average), convert(taken, value.dtype)));
    return select(lessEqual(step, start), value, select(due, mean, average));
  });
}

/**
 * @param next the next average of a parameter, from the last one, the parameter after the update, and the update's
 *   number, `i32[]`
 */
function averaging(
  who: string,
  optimizer: Optimizer,
  next: (average: Tensor, value: Tensor, step: Tensor) => Tensor,
): Optimizer {
  checkArgument(who, "the optimizer", optimizer, fitChecks.optimizer);
  return {
    ...accumulationOf(optimizer),
    init: (params) => ({ [averageSlot]: params, optimizer: optimizer.init(params) }),
    update(gradients, slots, params, inputs) {
      const before = slots as Readonly<Record<string, TensorTree>>;
      const [updated, inner] = updateBy(optimizer, gradients, before.optimizer!, params, inputs);
      const step = convert(inputs.step, "i32");
      const average = treeMap(
        before[averageSlot]!,
        (last: Tensor, _path: string, value: Tensor) => next(last, value, step),
        updated,
      ) as TensorTree;
      return [updated, { [averageSlot]: average, optimizer: inner }];
    },
  };
}
