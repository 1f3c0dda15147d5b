// Weights that give terms of different strengths the same say: strengths by gradients, or by tangent kernels.
import { checkOptions, checks } from "@hooke/runtime";
import { checkSquares, type Weighting, type WeightingView, type Weights } from "./weighting.ts";

/** Options of {@link gradientNorm} and {@link tangentKernel}. */
export interface BalancedOptions {
  /** Iterations between updates. Default 500. */
  readonly every?: number;
  /** How much of the last weights stays at an update, from 0 to below 1. Default 0.9 of `gradientNorm`; 0 of `tangentKernel`: the kernel says it all. */
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
export const gradientNorm = (options: BalancedOptions = {}): Weighting =>
  balanced("gradientNorm", options, 0.9, async (view) => {
    const gradients = Object.entries(await view.gradients());
    return Object.fromEntries(gradients.map(([term, gradient]) => [term, norm(gradient)]));
  });

/**
 * Gives all terms residuals that fall at the same rate under gradient descent, by the neural tangent kernel `K_i = J_i J_i^T` of each term: its
 * weight is `mean_j tr K_j / tr K_i`, traces by the number of points (Wang, Yu and Perdikaris 2022). Unlike {@link gradientNorm} it does not depend
 * on how large residuals are. A term with more than 512 points is judged by 512 of them, evenly spread over their order.
 *
 * @throws on an option it does not have; from `solve`, if a term is an energy
 * @example
 * ```ts
 * import { tangentKernel } from "@hooke/pinn";
 *
 * console.log(tangentKernel().every); // 500
 * ```
 */
export const tangentKernel = (options: BalancedOptions = {}): Weighting =>
  balanced("tangentKernel", options, 0, (view) => {
    checkSquares("tangentKernel", view);
    return view.traces();
  });

/**
 * Moves weights towards the inverse of strengths: `memory` of the last ones, the rest of `mean(strength) / strength`.
 *
 * @param usual the memory where options do not give one
 */
function balanced(
  name: string,
  options: BalancedOptions,
  usual: number,
  strengths: (view: WeightingView) => Promise<Readonly<Record<string, number>>>,
): Weighting {
  checkOptions<BalancedOptions>(name, options, { optional: { every: checks.count, memory: checks.fraction } });
  const { every = 500, memory = usual } = options;
  return {
    name,
    every,
    update: async (view, { weights }) => ({ weights: moved(weights, await strengths(view), memory) }),
  };
}

/** The next weights. A term without strength keeps its own. */
function moved(before: Weights, strengths: Readonly<Record<string, number>>, memory: number): Record<string, number> {
  const all = Object.values(strengths);
  const mean = all.reduce((total, strength) => total + strength, 0) / all.length;
  const first = Object.keys(before).length === 0;
  return Object.fromEntries(
    Object.entries(strengths).map(([term, strength]) => {
      const last = (before[term] ?? 1) as number;
      if (!(strength > 0)) return [term, last];
      const next = mean / strength;
      return [term, first ? next : memory * last + (1 - memory) * next];
    }),
  );
}

function norm(vector: Float64Array): number {
  let total = 0;
  for (const entry of vector) total += entry * entry;
  return Math.sqrt(total);
}
