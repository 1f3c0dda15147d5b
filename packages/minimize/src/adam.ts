// Adam on a flat vector, for the first stage of a minimization: it crosses ground where curvature misleads.
import { checkOptions, checks } from "@hooke/runtime";
import { type Descent, type Minimizer, remembered, stored } from "./minimizer.ts";
import { moved, type Vector } from "./vectors.ts";

/** Options of {@link adam}. */
export interface AdamOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Default 1e-8. */
  readonly epsilon?: number;
}

/** Adam (Kingma and Ba 2015), one evaluation a step. It does not look whether the value falls. */
export function adam(options: AdamOptions = {}): Minimizer {
  checkOptions<AdamOptions>("adam", options, {
    optional: {
      learningRate: checks.positive,
      beta1: checks.fraction,
      beta2: checks.fraction,
      epsilon: checks.positive,
    },
  });
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    name: "adam",
    begin(objective, origin, memory) {
      const { size } = objective;
      const [first, second] = ["first", "second"].map((name) =>
        Float64Array.from(remembered("adam", memory, name, size) ?? new Float64Array(size)),
      ) as [Float64Array, Float64Array];
      let steps = memory.numbers.steps ?? 0;
      const descent: Descent & { at: Vector; value: number; gradient: Vector } = {
        ...origin,
        async step() {
          const { gradient } = descent;
          const [m, v] = [first.slice(), second.slice()];
          const [correct1, correct2] = [1 - beta1 ** (steps + 1), 1 - beta2 ** (steps + 1)];
          const direction = new Float64Array(size);
          for (let i = 0; i < size; i++) {
            const slope = gradient[i]!;
            m[i] = beta1 * m[i]! + (1 - beta1) * slope;
            v[i] = beta2 * v[i]! + (1 - beta2) * slope * slope;
            direction[i] = -(m[i]! / correct1) / (Math.sqrt(v[i]! / correct2) + epsilon);
          }
          const at = moved(descent.at, learningRate, direction);
          const next = await objective.evaluate(at);
          if (!Number.isFinite(next.value) || !next.gradient.every(Number.isFinite)) {
            return { outcome: "non-finite", step: learningRate };
          }
          first.set(m);
          second.set(v);
          steps++;
          Object.assign(descent, next, { at });
          return { outcome: "moved", step: learningRate };
        },
        memory: async () => ({
          arrays: { first: stored(first.slice()), second: stored(second.slice()) },
          numbers: { steps },
        }),
        free() {},
      };
      return descent;
    },
  };
}
