// How much predictions lose without an input: its cells are shuffled, together with those of inputs that say the same.
import type { Table } from "@hooke/data";
import { type Backend, checkOptions, checks, fail, foldHost, randomKey } from "@hooke/runtime";
import { foldsOf } from "../folds/folds.ts";
import { losses } from "../folds/loss.ts";
import type { FitProgress, Fitted } from "../method/method.ts";
import { columnName, progressListener, rowWeights } from "../method/option-checks.ts";
import { partOf, stepOf } from "../method/parts.ts";
import { pausing } from "../method/pausing.ts";
import { type Random, randomFrom } from "../method/random.ts";
import { type Samples, takeSamples } from "../method/samples.ts";
import type { State } from "../method/state.ts";
import { checkFitted, placeOf, samplesFor, weightsOf } from "./checks.ts";
import { correlatedInputs } from "./correlated-inputs.ts";
import { type Importances, importancesOf } from "./importances.ts";

/** Options of {@link permutationImportance}. */
export interface ImportanceOptions {
  /** Inputs that are shuffled together; those left out are not shuffled. Default: `correlatedInputs(table, fitted.inputs)`. */
  readonly together?: readonly (readonly string[])[];
  /** Parts of the rows that take turns in being predicted by a method that learned from the others. 0: the fitted method itself is asked. Default 5. */
  readonly folds?: number;
  /** Times that each group is shuffled. Default 10. */
  readonly repeats?: number;
  /** The share of draws of rows and shuffles between `lower` and `upper`. Default 0.9. */
  readonly level?: number;
  /** How much each row counts. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** The column that names groups of rows: they are held back, and drawn, whole. Default: every row by itself. */
  readonly groups?: string;
  /** Default 0. */
  readonly seed?: number;
  /** For methods that learn on one. Default none. */
  readonly backend?: Backend;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) of rows held back: the method learns anew from the other rows, as it was fitted, and what
 * the error of those held back rises by when the cells of an input change rows is what the input is worth to it. Inputs that go together are shuffled
 * together, as each alone would seem worth nothing. Shuffled rows can be such as do not occur; `accumulatedEffects` never asks about these.
 *
 * The intervals draw rows (whole groups) and shuffles anew.
 *
 * @param table with the target
 * @throws on inputs that the method does not have, and the signal's reason if it is aborted
 * @example
 * ```ts
 * import { permutationImportance, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const load = Array.from({ length: 40 }, (_, i) => (i * 7) % 40);
 * const hour = Array.from({ length: 40 }, (_, i) => (i * 11) % 13);
 * const table = tableOf({ load, hour, strain: load.map((x) => 2 * x) });
 * const { groups } = await permutationImportance(await ridge().fit(table, "strain"), table);
 * console.log(groups.map(({ inputs }) => inputs.join()), groups[0]!.lower > groups[1]!.upper); // [ 'load', 'hour' ] true
 * ```
 */
export async function permutationImportance(
  fitted: Fitted,
  table: Table,
  options: ImportanceOptions = {},
): Promise<Importances> {
  const who = "permutationImportance";
  checkFitted(who, fitted, table);
  checkOptions<ImportanceOptions>(who, options, {
    optional: {
      together: (value) =>
        Array.isArray(value) && value.every((part) => Array.isArray(part) && part.length > 0)
          ? undefined
          : 'lists of inputs, such as [["carbon", "nitrogen"], ["temper"]]',
      folds: (value) =>
        checks.wholeNumber(value) === undefined && value !== 1 ? undefined : "0, or a whole number from 2",
      repeats: checks.count,
      level: checks.betweenZeroAndOne,
      weights: rowWeights,
      groups: columnName,
      seed: checks.wholeNumber,
      backend: checks.backend,
      signal: checks.signal,
      onProgress: progressListener,
    },
  });
  const { folds = 5, repeats = 10, level = 0.9, groups, seed = 0, backend, signal, onProgress } = options;
  const together = (options.together ?? correlatedInputs(table, fitted.inputs)).map((names) =>
    names.map((name) => placeOf(who, fitted, name)),
  );
  const weights = weightsOf(who, options.weights, table.rowCount);
  const samples: Samples = { ...samplesFor(who, fitted, table, groups), weights };
  const key = foldHost(randomKey(seed), who);
  const pause = pausing(signal, onProgress);
  signal?.throwIfAborted();
  const held =
    folds === 0
      ? [{ train: new Int32Array(), test: Int32Array.from({ length: samples.rowCount }, (_, row) => row) }]
      : foldsOf(who, samples, folds, key);
  const own = new Float64Array(samples.rowCount);
  const shuffled = together.map(() => Array.from({ length: repeats }, () => new Float64Array(samples.rowCount)));
  for (const [fold, { train, test }] of held.entries()) {
    const part = partOf({ key, pause, warn: () => undefined, ...(backend && { backend }) }, fold, held.length, "fold");
    const learning = stepOf(part, 0, 2, "step");
    const state = folds === 0 ? fitted.state : await fitted.method.learn(takeSamples(samples, train), learning);
    const shuffling = folds === 0 ? part : stepOf(part, 1, 2, "step");
    const judged = takeSamples(samples, test);
    scatter(lossesFor(fitted, state, judged), test, own);
    for (const [g, columns] of together.entries()) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const resting = shuffling.pause(() => ({
          fraction: (g + repeat / repeats) / together.length,
          text: `shuffling ${columns.map((column) => fitted.inputs[column]!.name).join(", ")}`,
        }));
        if (resting !== undefined) await resting;
        const random = randomFrom(key, "shuffle", fold, g, repeat);
        const found = lossesFor(fitted, state, withShuffled(judged, columns, random));
        scatter(found, test, shuffled[g]![repeat]!);
      }
    }
  }
  const { target } = fitted;
  return importancesOf({
    samples,
    weights,
    inputs: together.map((columns) => columns.map((column) => fitted.inputs[column]!.name)),
    own,
    shuffled,
    level,
    key,
    ...(target.type === "number" && target.unit !== undefined && { unit: target.unit }),
  });
}

/** What a state's predictions of rows lose, row by row. @throws on predictions that are not finite */
function lossesFor({ method }: Fitted, state: State, { columns, rowCount, target }: Samples): Float64Array {
  const predicted = method.predict(state, { columns, rowCount });
  const found = losses(target, predicted);
  if (found.some((loss) => !Number.isFinite(loss))) {
    fail("permutationImportance", `${method.method} predicts what is not finite.`, "invalid-data");
  }
  return found;
}

/** Rows with some columns in another order, the same for all of them. */
function withShuffled(samples: Samples, places: readonly number[], random: Random): Samples {
  const order = random.choose(samples.rowCount, samples.rowCount);
  const other = takeSamples({ columns: samples.columns, rowCount: samples.rowCount }, order);
  return {
    ...samples,
    columns: samples.columns.map((column, place) => (places.includes(place) ? other.columns[place]! : column)),
  };
}

/** Values of some rows to the places of these rows. */
function scatter(values: Float64Array, rows: Int32Array, to: Float64Array): void {
  for (const [i, row] of rows.entries()) to[row] = values[i]!;
}
