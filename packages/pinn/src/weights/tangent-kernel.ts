// Weights by the traces of tangent kernels.
import { checkOptions, checks } from "@hooke/runtime";
import { balanced } from "./balanced.ts";
import { checkSquares, type Weighting } from "./weighting.ts";

/** Options of {@link tangentKernel}. */
export interface TangentKernelOptions {
  /** Iterations between updates. Default 500. */
  readonly every?: number;
  /** How much of the last weights stays at an update, from 0 to below 1. Default 0: the kernel says it all. */
  readonly memory?: number;
}

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
export function tangentKernel(options: TangentKernelOptions = {}): Weighting {
  checkOptions<TangentKernelOptions>("tangentKernel", options, {
    optional: { every: checks.count, memory: checks.fraction },
  });
  const { every = 500, memory = 0 } = options;
  return {
    name: "tangentKernel",
    every,
    update: async (view, { weights }) => {
      checkSquares("tangentKernel", view);
      return { weights: balanced(weights, await view.traces(), memory) };
    },
  };
}
