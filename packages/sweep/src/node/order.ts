// Which trial comes next: in the order of the list, and by successive halving then the best that wait for more.
import type { HalvingJson } from "./sweep.ts";

/** What is known of a trial. */
export interface TrialState {
  readonly index: number;
  /** By stage, one without halving: the score of a result, 0 without halving; undefined where there is none. */
  readonly scores: readonly (number | undefined)[];
  /** Begun by somebody, now or before. */
  readonly begun: boolean;
  /** Failed before this process looked for work. */
  readonly failed: boolean;
}

/** A trial at one of its budgets. */
export interface Step {
  readonly index: number;
  /** Place among the budgets; 0 without halving. */
  readonly stage: number;
}

/** What can be computed: what was never begun before what was interrupted before what failed, and small budgets before large ones. */
export function stepsToDo(states: readonly TrialState[], halving: HalvingJson | null): Step[] {
  const rank = ({ begun, failed }: TrialState): number => (failed ? 2 : begun ? 1 : 0);
  const fresh = states
    .filter(({ scores }) => scores[0] === undefined)
    .sort((a, b) => rank(a) - rank(b) || a.index - b.index)
    .map(({ index }) => ({ index, stage: 0 }));
  return [...fresh, ...promoted(states, halving)];
}

/**
 * Asynchronous successive halving (Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020): a trial gets the next
 * budget when it is among the best of those that have this one, without waiting for those that are at it. The list being finite, small budgets
 * come before large ones here: by one process that is successive halving itself, and by several a step is wasted only where a worker would
 * have nothing else to do.
 */
function promoted(states: readonly TrialState[], halving: HalvingJson | null): Step[] {
  if (halving === null) return [];
  const steps: Step[] = [];
  for (let stage = 1; stage < halving.budgets.length; stage++) {
    const ranked = states
      .filter(({ scores }) => scores[stage - 1] !== undefined)
      .sort((a, b) => worth(a.scores[stage - 1]!) - worth(b.scores[stage - 1]!) || a.index - b.index);
    const count = Math.floor(ranked.length * halving.keep * (1 + Number.EPSILON));
    for (const { index, scores } of ranked.slice(0, count))
      if (scores[stage] === undefined) steps.push({ index, stage });
  }
  return steps;
}

/** NaN is worst, and two of these are equal. */
const worth = (score: number): number =>
  Number.isNaN(score) ? Number.MAX_VALUE : Math.min(Math.max(score, -Number.MAX_VALUE), Number.MAX_VALUE);
