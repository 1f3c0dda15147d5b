// Weights that stay as they are.
import type { Weighting } from "./weighting.ts";

/** The weights that the terms state, all the way. */
export function fixed(): Weighting {
  return { name: "fixed", every: 0, update: async (_, before) => before };
}
