// Several weightings at once.
import { checkArgument, fail } from "@hooke/runtime";
import { type Weighed, type Weighting, type Weights, weightingCheck } from "./weighting.ts";

/** What is remembered of one of the weightings. */
interface Part {
  readonly before: Weighed;
  /** The iteration of its last update. */
  readonly updated: number;
}

/**
 * The product of several weightings, such as one in time and one by residuals. Each is updated as often as it asks for, in this order; those that
 * look at gradients see them under the weights of those before.
 *
 * @throws if it is given fewer than two weightings that update
 * @example
 * ```ts
 * import { causal, combined, gradientNorm } from "@hooke/pinn";
 *
 * console.log(combined(causal(), gradientNorm()).name); // causal x gradientNorm
 * ```
 */
export function combined(...weightings: readonly Weighting[]): Weighting {
  for (const weighting of weightings) checkArgument("combined", "a weighting", weighting, weightingCheck);
  if (weightings.filter(({ every }) => every > 0).length < 2) {
    fail("combined", "takes two weightings or more, such as combined(causal(), residualAttention()); fixed() is none.");
  }
  return {
    name: weightings.map(({ name }) => name).join(" x "),
    every: Math.min(...weightings.map(({ every }) => every).filter((every) => every > 0)),
    update: async (view, { memory }) => {
      const known = memory as unknown as readonly Part[] | undefined;
      const parts: Part[] = [];
      let weights: Weights = {};
      for (const [i, weighting] of weightings.entries()) {
        const part = known?.[i];
        const due = part === undefined || view.redrawn || view.iteration - part.updated >= weighting.every;
        const under = weights;
        const seen = { ...view, gradients: (more: Weights = {}) => view.gradients(product(under, more)) };
        parts.push(
          due
            ? { before: await weighting.update(seen, part?.before ?? { weights: {} }), updated: view.iteration }
            : part,
        );
        weights = product(weights, parts[i]!.before.weights);
      }
      return { weights, memory: parts as never };
    },
  };
}

/** The product of weights by term, and by point where one of them says so. */
function product(a: Weights, b: Weights): Weights {
  const terms = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(
    terms.map((term) => {
      const [one, other] = [a[term] ?? 1, b[term] ?? 1];
      if (typeof one === "number")
        return [term, typeof other === "number" ? one * other : other.map((each) => one * each)];
      return [term, one.map((each, i) => each * (typeof other === "number" ? other : other[i]!))];
    }),
  );
}
