// Weights that stay as they are.
import { nothingMore } from "@hooke/runtime";
import type { Weighting } from "./weighting.ts";

/** The weights that the terms state, all the way. */
export function fixed(...more: []): Weighting {
  nothingMore("fixed", more);
  return { name: "fixed", every: 0, update: async (_, before) => before };
}
