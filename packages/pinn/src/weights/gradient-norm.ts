// Weights by the norms of gradients.
import { checkOptions, checks } from "@hooke/runtime";
import { balanced } from "./balanced.ts";
import type { Weighting } from "./weighting.ts";

/** Options of {@link gradientNorm}. */
export interface GradientNormOptions {
  /** Iterations between updates. Default 500. */
  readonly every?: number;
  /** How much of the last weights stays at an update, from 0 to below 1. Default 0.9. */
  readonly memory?: number;
}

/**
 * Gives all terms gradients of the same length: the weight of term `i` moves towards `mean_j |g_j| / |g_i|` (Wang, Teng and Perdikaris 2021, in the
 * form of Wang, Sankaran, Wang and Perdikaris 2023, in which no term is the one that others are measured by). The first update, at the start, takes these
 * whole. It takes energies, too.
 *
 * @throws on an option it does not have
 * @example
 * ```ts
 * import { gradientNorm } from "@hooke/pinn";
 *
 * console.log(gradientNorm({ every: 200 }).name); // gradientNorm
 * ```
 */
export function gradientNorm(options: GradientNormOptions = {}): Weighting {
  checkOptions<GradientNormOptions>("gradientNorm", options, {
    optional: { every: checks.count, memory: checks.fraction },
  });
  const { every = 500, memory = 0.9 } = options;
  return {
    name: "gradientNorm",
    every,
    update: async (view, { weights }) => {
      const gradients = Object.entries(await view.gradients());
      const norms = Object.fromEntries(gradients.map(([term, gradient]) => [term, norm(gradient)]));
      return { weights: balanced(weights, norms, memory) };
    },
  };
}

function norm(vector: Float64Array): number {
  let total = 0;
  for (const entry of vector) total += entry * entry;
  return Math.sqrt(total);
}
