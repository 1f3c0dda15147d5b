// Stochastic gradient descent, with momentum.
import { add, checkOptions, checks, convert, fail, mul, sub } from "@hooke/runtime";
import { perDType, zerosLike, zipLeaves } from "./leaves.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@link sgd}. */
export interface SgdOptions {
  /** Share of the velocity that each step keeps, in [0, 1). Default 0. */
  readonly momentum?: number;
  /** Whether the step looks ahead along the velocity; needs momentum. Default false. */
  readonly nesterov?: boolean;
  /** Times the parameter is added to its gradient (L2 penalty). Default 0. */
  readonly weightDecay?: number;
}

/**
 * `g' = g + weightDecay p`, `v = momentum v + g'`, `p = p - learningRate v` (Nesterov: `g' + momentum v` in place of `v`), as in
 * PyTorch. Slots: `velocity`, with momentum.
 *
 * @throws on nesterov without momentum
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkOptions<SgdOptions>("sgd", options, {
    optional: { momentum: checks.fraction, nesterov: checks.flag, weightDecay: checks.nonNegative },
  });
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  if (nesterov && momentum === 0) fail("sgd", "received nesterov without momentum; add e.g. momentum: 0.9.");
  return {
    init: (params) => (momentum === 0 ? {} : { velocity: zerosLike(params) }),
    update(gradients, slots, params, { learningRate }) {
      const rate = perDType((dtype) => convert(learningRate, dtype));
      const { velocity } = slots as { readonly velocity?: typeof params };
      const updated = zipLeaves(
        (parameter, gradient, before) => {
          const slope = weightDecay === 0 ? gradient! : add(gradient!, mul(parameter!, weightDecay));
          const after = before === undefined ? slope : add(mul(before, momentum), slope);
          const direction = nesterov ? add(slope, mul(after, momentum)) : after;
          return [sub(parameter!, mul(direction, rate(parameter!))), after];
        },
        params,
        gradients,
        ...(velocity === undefined ? [] : [velocity]),
      );
      return [updated(0), velocity === undefined ? {} : { velocity: updated(1) }];
    },
  };
}
