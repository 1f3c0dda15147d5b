// How certain coefficients are: the method fitted again to rows drawn from the rows, many times.

import type { Table } from "@hooke/data";
import { checkOptions, checks, fail, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import { checkFitted, samplesFor, weightsOf } from "../explaining/checks.ts";
import { quantile } from "../explaining/quantile.ts";
import { membersOf } from "../folds/folds.ts";
import { fittedOf } from "../method/fitted.ts";
import type { FitProgress, Fitted } from "../method/method.ts";
import { columnName, progressListener, rowWeights } from "../method/option-checks.ts";
import { pausing } from "../method/pausing.ts";
import { randomFrom } from "../method/random.ts";
import type { Samples } from "../method/samples.ts";
import { type Coefficient, type Coefficients, coefficients, linearFitted } from "./coefficients.ts";

/** Options of {@link coefficientIntervals}. */
export interface IntervalOptions {
  /** How often rows are drawn and fitted. Default 200. */
  readonly repeats?: number;
  /** The share of draws between `lower` and `upper`. Default 0.9. */
  readonly level?: number;
  /** Those that the method was fitted with. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** The column of groups that the method was fitted with: they are drawn whole. Default: every row by itself. */
  readonly groups?: string;
  /** Default 0. */
  readonly seed?: number;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/** A coefficient and what became of it in the draws. */
export interface CertainCoefficient extends Coefficient {
  readonly lower: number;
  readonly upper: number;
  /** The share of draws in which it was not 0. */
  readonly selected: number;
}

/** {@link Coefficients} with what is certain of them. */
export interface CertainCoefficients extends Coefficients {
  /** The share of draws between `lower` and `upper`. */
  readonly level: number;
  readonly terms: readonly CertainCoefficient[];
}

/**
 * Bootstrap intervals (Efron and Tibshirani, 1993) of the coefficients, and how often each term is selected: as many rows as there are are drawn
 * from them with replacement, and the method is fitted to them anew, its penalty chosen anew. A row drawn twice counts twice, and is left out
 * and predicted as one. Of inputs that are alike, lasso takes another each time: no single draw tells, their shares do.
 *
 * The intervals are of what the method says, which its penalty draws towards 0: they tell how steady it is, not how far it is from the truth.
 *
 * @param table that the method was fitted to
 * @throws on another table, and the signal's reason if it is aborted
 * @example
 * ```ts
 * import { coefficientIntervals, lasso } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const table = tableOf({ load: [1, 2, 3, 4, 5, 6], hour: [9, 8, 9, 8, 9, 8], strain: [1.1, 1.9, 3.1, 3.9, 5.1, 5.9] });
 * const fitted = await lasso({ penalty: 0.1 }).fit(table, "strain");
 * const [{ terms }] = await coefficientIntervals(fitted, table, { repeats: 50 });
 * console.log(terms.map(({ term, selected }) => `${term}: ${selected}`)); // [ 'load: 1', 'hour: 0.2' ]
 * ```
 */
export async function coefficientIntervals(
  fitted: Fitted,
  table: Table,
  options: IntervalOptions = {},
): Promise<[CertainCoefficients, ...CertainCoefficients[]]> {
  const who = "coefficientIntervals";
  checkOptions<IntervalOptions>(who, options, {
    optional: {
      repeats: checks.count,
      level: checks.betweenZeroAndOne,
      weights: rowWeights,
      groups: columnName,
      seed: checks.wholeNumber,
      signal: checks.signal,
      onProgress: progressListener,
    },
  });
  const { method } = linearFitted(who, fitted);
  checkFitted(who, fitted, table);
  const { repeats = 200, level = 0.9, groups, seed = 0, signal, onProgress } = options;
  const samples = samplesFor(who, fitted, table, groups);
  if (samples.rowCount !== fitted.rowCount) {
    fail(
      who,
      `received ${samples.rowCount} rows; the method was fitted to ${fitted.rowCount}: give its table.`,
      "mismatch",
    );
  }
  const weights = weightsOf(who, options.weights, samples.rowCount);
  const key = foldHost(randomKey(seed), who);
  const found = coefficients(fitted);
  const draws = found.map(({ terms }) => terms.map(() => new Float64Array(repeats)));
  const pause = pausing(signal, onProgress);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const drawn = { ...samples, weights: drawnCounts(who, samples, foldHost(key, repeat), weights) };
    const state = await method.learn(drawn, {
      key: foldHost(key, repeat),
      pause: () => pause(() => ({ fraction: repeat / repeats, text: `draw ${repeat + 1} of ${repeats}` })),
      warn: () => {},
    });
    const again = coefficients(fittedOf({ method, samples: drawn, state, seed, warnings: [] }));
    for (const [output, { terms }] of again.entries()) {
      const values = new Map(terms.map(({ term, value }) => [term, value]));
      for (const [t, { term }] of found[output]!.terms.entries()) draws[output]![t]![repeat] = values.get(term) ?? 0;
    }
  }
  const certain = found.map(
    (sum, output): CertainCoefficients => ({
      ...sum,
      level,
      terms: sum.terms.map((term, t): CertainCoefficient => {
        const sorted = draws[output]![t]!.toSorted();
        return {
          ...term,
          lower: quantile(sorted, (1 - level) / 2),
          upper: quantile(sorted, (1 + level) / 2),
          selected: sorted.filter((value) => value !== 0).length / repeats,
        };
      }),
    }),
  );
  return certain as unknown as [CertainCoefficients, ...CertainCoefficients[]];
}

/** How often each row is drawn, times its weight: of draws in which a class or every difference of the inputs is lost, the next one. */
function drawnCounts(
  who: string,
  samples: Omit<Samples, "weights">,
  key: HostArray,
  weights: Float64Array,
): Float64Array {
  const { rowCount, columns, target } = samples;
  const units = membersOf(samples) ?? Array.from({ length: rowCount }, (_, row) => [row]);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const drawnUnits = randomFrom(key, "rows", attempt).resample(units.length, units.length);
    const rows = Int32Array.from([...drawnUnits].flatMap((unit) => [...units[unit]!]));
    const counts = new Float64Array(rowCount);
    for (const row of rows) counts[row]! += weights[row]!;
    const drawn = rows.filter((row) => counts[row]! > 0);
    const varies = columns.some(({ values }) => new Set(Array.from(drawn, (row) => values[row])).size > 1);
    const classes = target.type === "class" ? target.classes.length : 1;
    const seen = target.type === "class" ? new Set(Array.from(drawn, (row) => target.values[row])).size : 1;
    // Of one group alone a method that holds groups back learns nothing.
    const isJudged = new Set(drawnUnits).size > 1;
    if (varies && isJudged && seen === classes) return counts;
  }
  return fail(
    who,
    "draws of these rows lose a class, or every difference of the inputs; there are too few.",
    "invalid-data",
  );
}
