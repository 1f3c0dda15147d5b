// How terms count where nothing is said.
import { time } from "../domains/domain.ts";
import type { Problem } from "../problem.ts";
import { causal } from "./causal.ts";
import { fixed } from "./fixed.ts";
import type { Weighting } from "./weighting.ts";

/**
 * In time, what is later waits until what is earlier is solved, unless data say what it is, or an energy is least over all times at once. Else terms count as
 * they state.
 */
export function defaultWeights({ domain, terms }: Problem): Weighting {
  const grows = Object.values(terms).every(({ kind, data }) => kind === "squares" && data === undefined);
  return grows && domain.coordinates.includes(time) ? causal() : fixed();
}
