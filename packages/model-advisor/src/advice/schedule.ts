// What is measured when: the quick ones first, then the costly ones, then again those between which nothing is decided.
import { type Comparison, comparisonOf, dummyName } from "../comparison/comparison.ts";
import type { Failed, Left, Measured, Measurement } from "../comparison/measurement.ts";
import type { Candidate } from "./candidates.ts";

/** Errors above the least, as a share of it, from which on a candidate is out. */
const contention = 0.15;

/** How much may be measured. */
export interface Limits {
  /** Times that all rows are divided anew. */
  readonly repeats: number;
  readonly equivalence: number;
  /** How much time is left. */
  readonly left: Left;
  /** Told after each round. */
  readonly onRound?: (comparison: Comparison) => void;
}

/**
 * Measures until candidates are told apart, repeats end, or time does; the first round of the quick ones is always made. A costly one for whose first round
 * time does not suffice is as if it had not been tried.
 */
export async function measure(
  measurement: Measurement,
  candidates: readonly Candidate[],
  limits: Limits,
): Promise<Comparison> {
  const { repeats, equivalence, left, onRound } = limits;
  const now = (): Comparison => comparisonOf(measurement, equivalence);
  const quick = candidates.filter((candidate) => candidate.quick);
  // The first answer does not wait for the other folds.
  await round(
    measurement,
    quick,
    0,
    () => Number.POSITIVE_INFINITY,
    () => onRound?.(now()),
  );
  for (const candidate of candidates.filter(({ quick }) => !quick)) {
    if (left() <= 0) break;
    await round(measurement, [candidate], 0, left);
    const done = [...measurement.measured, ...measurement.failed].filter(({ method }) => method === candidate.name);
    const isWhole = done.length === measurement.foldsOf(0).length;
    if (!isWhole) measurement.forget(candidate.name);
    onRound?.(now());
  }
  for (let repeat = 1; repeat < repeats && left() > 0; repeat++) {
    const { methods, tie } = now();
    const open = methods.filter(
      ({ price, method }) => method === dummyName || (price < contention && tie.includes(method)),
    );
    if (open.length <= 2) break;
    const names = new Set(open.map(({ method }) => method));
    await round(
      measurement,
      candidates.filter(({ name }) => names.has(name)),
      repeat,
      left,
    );
    onRound?.(now());
  }
  return now();
}

/**
 * Candidates on all folds of a repeat: fold by fold, so that whoever is cut short is so on the same folds. Workers take what comes next; what
 * they find is noted in the order in which it was given out, whoever is done first.
 */
async function round(
  measurement: Measurement,
  candidates: readonly Candidate[],
  repeat: number,
  left: Left,
  onFold?: () => void,
): Promise<void> {
  const { workers } = measurement.setting;
  const work = [...measurement.foldsOf(repeat).keys()].flatMap((fold) =>
    candidates.map((candidate) => ({ fold, candidate })),
  );
  const results: (Measured | Failed)[] = [];
  let [next, noted] = [0, 0];
  const take = async (): Promise<void> => {
    for (let i = next++; i < work.length; i = next++) {
      const { fold, candidate } = work[i]!;
      if (candidate === candidates[0] && left() <= 0) {
        work.length = i;
        return;
      }
      results[i] = await measurement.measure(candidate.name, candidate.method, repeat, fold, left);
      while (results[noted] !== undefined) {
        measurement.note(results[noted]!);
        if (++noted % candidates.length === 0) onFold?.();
      }
    }
  };
  await Promise.all(Array.from({ length: workers?.count ?? 1 }, take));
}
