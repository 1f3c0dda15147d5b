// RMSprop: steps divided by a running root mean square of the gradient.
import { add, checkOptions, checks, convert, div, mul, sqrt, square, sub } from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";
import { perDType, zerosLike, zipLeaves } from "./leaves.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@link rmsprop}. */
export interface RmspropOptions {
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.99. */
  readonly decay?: number;
  /** Added to the root mean square. Default 1e-8. */
  readonly epsilon?: number;
  /** Share of the velocity that each step keeps, in [0, 1). Default 0. */
  readonly momentum?: number;
  /** Times the parameter is added to its gradient (L2 penalty). Default 0. */
  readonly weightDecay?: number;
}

/**
 * RMSprop as in PyTorch. Slots: `meanSquare`, and `velocity` with momentum. Tieleman and Hinton 2012.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkOptions<RmspropOptions>("rmsprop", options, {
    optional: {
      decay: checks.fraction,
      epsilon: checks.positive,
      momentum: checks.fraction,
      weightDecay: checks.nonNegative,
    },
  });
  const { decay = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = options;
  return {
    init: (params) => ({
      meanSquare: zerosLike(params),
      ...(momentum === 0 ? {} : { velocity: zerosLike(params) }),
    }),
    update(gradients, slots, params, { learningRate }) {
      const rate = perDType((dtype) => convert(learningRate, dtype));
      const { meanSquare, velocity } = slots as { readonly meanSquare: TensorTree; readonly velocity?: TensorTree };
      const updated = zipLeaves(
        (parameter, gradient, averageBefore, before) => {
          const slope = weightDecay === 0 ? gradient! : add(gradient!, mul(parameter!, weightDecay));
          const average = add(mul(averageBefore!, decay), mul(square(slope), 1 - decay));
          const scaled = div(slope, add(sqrt(average), epsilon));
          const direction = before === undefined ? scaled : add(mul(before, momentum), scaled);
          return [sub(parameter!, mul(direction, rate(parameter!))), average, direction];
        },
        params,
        gradients,
        meanSquare,
        ...(velocity === undefined ? [] : [velocity]),
      );
      return [updated(0), { meanSquare: updated(1), ...(velocity === undefined ? {} : { velocity: updated(2) }) }];
    },
  };
}
