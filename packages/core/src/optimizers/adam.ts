// Adam, and AdamW, which decays weights apart from the gradient.
import { add, checkOptions, checks, convert, div, expm1, mul, neg, rsqrt, sqrt, square, sub } from "@hooke/runtime";
import type { TensorTree } from "../model/variables.ts";
import { perDType, zerosLike, zipLeaves } from "./leaves.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of {@link adam} and {@link adamw}. */
export interface AdamOptions {
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment, after its bias is corrected. Default 1e-8. */
  readonly epsilon?: number;
  /** Default 0 (adam), 0.01 (adamw). */
  readonly weightDecay?: number;
}

/** Slots of {@link adam} and {@link adamw}, both shaped like the parameters. */
export type AdamSlots = {
  /** Running mean of gradients. */
  readonly firstMoment: TensorTree;
  /** Running mean of squared gradients. */
  readonly secondMoment: TensorTree;
};

/**
 * Adam; `weightDecay` times the parameter is added to its gradient (L2 penalty), as in PyTorch. Kingma and Ba 2015.
 */
export function adam(options: AdamOptions = {}): Optimizer<AdamSlots> {
  return adaptive("adam", options, 0, false);
}

/** Adam with decoupled weight decay: `p = (1 - learningRate weightDecay) p` before the step. Loshchilov and Hutter 2019. */
export function adamw(options: AdamOptions = {}): Optimizer<AdamSlots> {
  return adaptive("adamw", options, 0.01, true);
}

function adaptive(who: string, options: AdamOptions, defaultDecay: number, decoupled: boolean): Optimizer<AdamSlots> {
  checkOptions<AdamOptions>(who, options, {
    optional: {
      beta1: checks.fraction,
      beta2: checks.fraction,
      epsilon: checks.positive,
      weightDecay: checks.nonNegative,
    },
  });
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = defaultDecay } = options;
  return {
    init: (params) => ({ firstMoment: zerosLike(params), secondMoment: zerosLike(params) }),
    update(gradients, { firstMoment, secondMoment }, params, { learningRate, step }) {
      const scalars = perDType((dtype) => {
        const rate = convert(learningRate, dtype);
        // 1 - beta^step without cancellation: f32 would keep three digits of 1 - 0.999.
        const correction = (beta: number) => neg(expm1(mul(convert(step, dtype), Math.log(beta))));
        return {
          stepSize: div(rate, correction(beta1)),
          rootFactor: rsqrt(correction(beta2)),
          kept: sub(1, mul(rate, weightDecay)),
        };
      });
      const updated = zipLeaves(
        (p, g, m, v) => {
          const { stepSize, rootFactor, kept } = scalars(p!);
          const slope = decoupled || weightDecay === 0 ? g! : add(g!, mul(p!, weightDecay));
          const first = add(m!, mul(sub(slope, m!), 1 - beta1));
          const second = add(mul(v!, beta2), mul(square(slope), 1 - beta2));
          const direction = div(first, add(mul(sqrt(second), rootFactor), epsilon));
          const before = decoupled && weightDecay !== 0 ? mul(p!, kept) : p!;
          return [sub(before, mul(direction, stepSize)), first, second];
        },
        params,
        gradients,
        firstMoment,
        secondMoment,
      );
      return [updated(0), { firstMoment: updated(1), secondMoment: updated(2) }];
    },
  };
}
