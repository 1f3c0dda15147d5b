// What is measured when: the quick ones first, then the costly ones, then again those between which nothing is decided.
import type { Comparison } from "../comparison/comparison.ts";
import { comparisonOf, dummyName } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import type { Candidate } from "./candidates.ts";

/** Errors above the least, as a share of it, from which on a candidate is out. */
const contention = 0.15;

/** How much may be measured. */
export interface Limits {
  /** Times that all rows are divided anew. */
  readonly repeats: number;
  readonly equivalence: number;
  /** Whether time is left. */
  readonly hasTime: () => boolean;
  /** Told after each round. */
  readonly onRound?: (comparison: Comparison) => void;
}

/** Measures until candidates are told apart, repeats end, or time does; the first round is always made. */
export async function measure(
  measurement: Measurement,
  candidates: readonly Candidate[],
  limits: Limits,
): Promise<Comparison> {
  const { repeats, equivalence, hasTime, onRound } = limits;
  const now = (): Comparison => comparisonOf(measurement, equivalence);
  const quick = candidates.filter((candidate) => candidate.quick);
  for (const fold of measurement.foldsOf(0).keys()) {
    await onFold(measurement, quick, 0, fold);
    // The first answer does not wait for the other folds.
    onRound?.(now());
  }
  for (const candidate of candidates.filter(({ quick }) => !quick)) {
    if (!hasTime()) break;
    await round(measurement, [candidate], 0, () => true);
    onRound?.(now());
  }
  for (let repeat = 1; repeat < repeats && hasTime(); repeat++) {
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
      hasTime,
    );
    onRound?.(now());
  }
  return now();
}

/** Candidates on all folds of a repeat: fold by fold, so that whoever is cut short is so on the same folds. */
async function round(
  measurement: Measurement,
  candidates: readonly Candidate[],
  repeat: number,
  hasTime: () => boolean,
): Promise<void> {
  for (const fold of measurement.foldsOf(repeat).keys()) {
    if (!hasTime()) return;
    await onFold(measurement, candidates, repeat, fold);
  }
}

async function onFold(
  measurement: Measurement,
  candidates: readonly Candidate[],
  repeat: number,
  fold: number,
): Promise<void> {
  for (const { name, method } of candidates) {
    measurement.setting.signal?.throwIfAborted();
    await measurement.run(name, method, repeat, fold);
  }
}
