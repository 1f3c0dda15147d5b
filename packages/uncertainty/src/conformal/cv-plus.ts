// CV+ of any model: bounds from models that were each trained without a fold, so that every row trains and calibrates.
import { crossBounds } from "@hooke/baselines";
import { type Dataset, datasetCheck, kFold, type RowNames, take } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail, type HostArray } from "@hooke/runtime";
import { checkAlike, checkFinite, checkNumbers, f64, functionCheck, namesCheck } from "../checks.ts";
import type { Bounds } from "./bounds.ts";

/** Options of {@link cvPlus}. */
export interface CvPlusOptions {
  /** What the models learn from, targets `[rows]` or `[rows, columns]`. */
  readonly data: Dataset;
  /**
   * Trains a model on a part of the data and returns what predicts by it, in the units of the targets: `[rows]` or `[rows, columns]`.
   *
   * @param part a dataset of the rows outside of a fold; preprocessing is fitted to it
   * @param fold counted from 0
   */
  readonly fit: (part: Dataset, fold: number) => Promise<(rows: Dataset | HostArray) => Promise<HostArray>>;
  /** From 2; as many as rows, or groups, is the jackknife+. Default 10. */
  readonly folds?: number;
  /** A name or number for each row, such as its specimen's: whole groups are left out, and bounds are for a new one. Default: every row by itself. */
  readonly groups?: RowNames;
  /** Of the folds. Default 0. */
  readonly seed?: number;
  /** Ends it between two folds. Default: it runs to the end. */
  readonly signal?: AbortSignal;
  /** Called after every fold. */
  readonly onProgress?: (progress: { readonly completed: number; readonly total: number }) => void;
}

/** Models without a fold each. */
export interface CvPlus {
  /** Predictions of all rows by the models that had not seen them, `f64[rows, columns]` as the targets. */
  readonly predictions: HostArray;
  /** Bounds of new rows. @param inputs as the models take them @param options `level`: default 0.9 */
  bounds(inputs: Dataset | HostArray, options?: { readonly level?: number }): Promise<Bounds>;
}

/**
 * Bounds by CV+ (Barber, Candes, Ramdas and Tibshirani 2021): where there are too few rows to hold some back. Of new rows that are like those learned from
 * `2 level - 1` at least are within, whatever the model, and about `level` in practice. For the methods of tables there is `conformal` of
 * `@hooke/baselines`, which is a method itself.
 *
 * @throws on targets that are classes, on fewer rows or groups than folds, on too few rows for the level; the signal's reason
 * @example
 * ```ts
 * import { dataset, take } from "@hooke/data";
 * import { array, type HostArray } from "@hooke/runtime";
 * import { cvPlus } from "@hooke/uncertainty";
 *
 * // The mean as a model of 20 numbers.
 * const data = dataset({ inputs: array(Array.from({ length: 20 }, () => [0])), targets: array(Array.from({ length: 20 }, (_, i) => i)) });
 * const fitted = await cvPlus({
 *   data,
 *   fit: async ({ targets }) => {
 *     const mean = (targets.data as Float32Array).reduce((sum, value) => sum + value, 0) / targets.data.length;
 *     return async (rows) => {
 *       const { shape } = "inputs" in rows ? rows.inputs : rows;
 *       return array(Array.from({ length: shape[0]! }, () => mean)) as HostArray;
 *     };
 *   },
 * });
 * const { lower, upper } = await fitted.bounds(take(data, [0]), { level: 0.8 });
 * console.log(lower.data[0]! < 2, upper.data[0]! > 17); // true true
 * ```
 */
export async function cvPlus(options: CvPlusOptions): Promise<CvPlus> {
  checkOptions<CvPlusOptions>("cvPlus", options, {
    required: { data: datasetCheck, fit: functionCheck },
    optional: {
      folds: (value) => ((checks.count(value) ?? (value as number) < 2) ? "a whole number from 2" : undefined),
      groups: namesCheck,
      seed: checks.wholeNumber,
      signal: checks.signal,
      onProgress: functionCheck,
    },
  });
  const { data, fit, groups, seed = 0, signal, onProgress } = options;
  const { targets, count } = data;
  checkNumbers("cvPlus", "targets", targets);
  if (targets.shape.length > 2)
    fail("cvPlus", "takes targets [rows] or [rows, columns]; splitConformal takes fields.", "unsupported");
  const most = groups === undefined ? count : new Set(Array.from(groups as ArrayLike<string | number>)).size;
  const held = kFold(count, Math.min(options.folds ?? 10, most), seed, groups);
  const columns = targets.data.length / count;
  const foldOf = new Int32Array(count);
  const predictions = new Float64Array(targets.data.length);
  const models: ((rows: Dataset | HostArray) => Promise<HostArray>)[] = [];
  for (const [fold, { train, test }] of held.entries()) {
    signal?.throwIfAborted();
    const predict = await fit(take(data, train), fold);
    checkArgument("cvPlus", "what fit returned", predict, functionCheck);
    const part = take(data, test);
    const found = await predict(part);
    checkNumbers("cvPlus", "predictions", found);
    checkAlike("cvPlus", "predictions", found, "targets", part.targets);
    checkFinite("cvPlus", "the predictions", found);
    for (const [i, row] of test.entries()) {
      foldOf[row] = fold;
      for (let c = 0; c < columns; c++) predictions[row * columns + c] = found.data[i * columns + c]!;
    }
    models.push(predict);
    onProgress?.({ completed: models.length, total: held.length });
  }
  return {
    predictions: f64(targets.shape, predictions),
    async bounds(inputs, asked = {}) {
      checkOptions<{ readonly level?: number }>("cvPlus", asked, { optional: { level: checks.betweenZeroAndOne } });
      const { level = 0.9 } = asked;
      const all: HostArray[] = [];
      for (const predict of models) all.push(await predict(inputs));
      const { shape } = all[0]!;
      const lower = new Float64Array(all[0]!.data.length);
      const upper = new Float64Array(lower.length);
      for (let column = 0; column < columns; column++) {
        const own = (data: ArrayLike<number>) =>
          Float64Array.from({ length: data.length / columns }, (_, row) => data[row * columns + column]!);
        const [truth, left] = [own(targets.data), own(predictions)];
        const errors = truth.map((value, row) => Math.abs(value - left[row]!));
        const predicted = all.map(({ data }) => own(data));
        const found = crossBounds({ predicted, foldOf, errors, weights: new Float64Array(0) }, level);
        if (found.upper.includes(Number.POSITIVE_INFINITY)) {
          const needed = Math.ceil((level / (1 - level)) * (1 - 4 * Number.EPSILON));
          fail("cvPlus", `level ${level} takes ${needed} rows at least, and there are ${count}.`, "invalid-data");
        }
        for (const [row, value] of found.lower.entries()) lower[row * columns + column] = value;
        for (const [row, value] of found.upper.entries()) upper[row * columns + column] = value;
      }
      return { lower: f64(shape, lower), upper: f64(shape, upper) };
    },
  };
}
