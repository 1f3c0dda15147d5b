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
  /** Costly candidates that come first; the others keep their order. */
  readonly favourites: readonly string[];
  /** Told after each round. */
  readonly onRound?: (comparison: Comparison) => void;
}

/** What was measured, and what was not. */
export interface Measurements {
  readonly comparison: Comparison;
  /** Costly candidates that time did not suffice for, with the seconds of measuring after which they would have been tried; NaN where none of their folds came so far that one could tell. */
  readonly unreached: ReadonlyMap<string, number>;
}

/**
 * Measures until candidates are told apart, repeats end, or time does; the first round of the quick ones is always made. A costly one has an equal share of the time that is left to measure its
 * first fold. Where the others then fit into that time they are measured, too; where not, it is as if it had not been tried, and the next one has its turn.
 */
export async function measure(
  measurement: Measurement,
  candidates: readonly Candidate[],
  limits: Limits,
): Promise<Measurements> {
  const { repeats, equivalence, left, favourites, onRound } = limits;
  const now = (): Comparison => comparisonOf(measurement, equivalence);
  const begun = left();
  const quick = candidates.filter((candidate) => candidate.quick);
  // The first answer does not wait for the other folds.
  await round(
    measurement,
    quick,
    0,
    () => Number.POSITIVE_INFINITY,
    () => onRound?.(now()),
  );
  const costly = candidates.filter(({ quick }) => !quick);
  const favoured = favourites.flatMap((name) => costly.filter((candidate) => candidate.name === name));
  const ordered = [...new Set([...favoured, ...costly])];
  const unreached = new Map<string, number>();
  // What all rounds so far take, those that time did not suffice for included.
  let needed = (begun - left()) / 1000;
  for (const [i, candidate] of ordered.entries()) {
    const before = left();
    const seconds = await firstRound(measurement, candidate, left, ordered.length - i);
    if (seconds !== undefined) unreached.set(candidate.name, needed + seconds);
    needed += seconds === undefined ? (before - left()) / 1000 : seconds || 0;
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
  return { comparison: now(), unreached };
}

/**
 * The first round of a costly candidate. Where time does not suffice, what was measured of it is forgotten.
 *
 * @param sharing among how many the time that is left is shared
 * @returns undefined, or, where time does not suffice, the seconds that it takes
 */
async function firstRound(
  measurement: Measurement,
  candidate: Candidate,
  left: Left,
  sharing: number,
): Promise<number | undefined> {
  const { name } = candidate;
  const folds = measurement.foldsOf(0).length;
  const turns = Math.ceil(folds / (measurement.setting.workers?.count ?? 1));
  const seconds = (): number => turns * (measurement.of(name)[0]?.seconds ?? measurement.cut.get(name) ?? Number.NaN);
  const begun = left();
  const reserved = Number.isFinite(begun) ? begun * (1 - 1 / sharing) : 0;
  const own: Left = () => {
    const needed = 1000 * seconds();
    if (measurement.of(name).length === 0) return left() - reserved;
    return needed > begun ? 0 : left();
  };
  await round(measurement, [candidate], 0, own);
  const done = [...measurement.measured, ...measurement.failed].filter(({ method }) => method === name);
  if (done.length === folds) return undefined;
  const needed = seconds();
  measurement.forget(name);
  return needed;
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
