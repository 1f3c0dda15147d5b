// Cross-validation: one training for each fold of the rows, judged on the rows that it has not seen.
import {
  type Callback,
  checkLeftOver,
  evaluate,
  type FitOptions,
  fit,
  fitChecks,
  lossFor,
  lossWeights,
  type TrainedModel,
} from "@hooke/core";
import {
  type Dataset,
  datasetCheck,
  fitPreprocessing,
  hostArrayCheck,
  kFold,
  type Metric,
  type Preprocessing,
  type PreprocessingOptions,
  type RowNames,
  split,
  take,
  takeRows,
} from "@hooke/data";
import { type Check, checkOptions, checks, fail, type HostArray } from "@hooke/runtime";

/** Options of {@link crossValidate}: those of `fit`, with one dataset in place of its parts. */
export interface CrossValidateOptions
  extends Omit<FitOptions, "data" | "preprocessing" | "callbacks" | "resume" | "checkpoint" | "variables"> {
  readonly data: Dataset;
  /**
   * What each row, or step of a sequence, counts: in the losses that are trained on, in those watched, and in the metrics. As
   * `fit` takes it; it is divided with the rows. Default: all the same.
   */
  readonly sampleWeights?: HostArray;
  /** Number of folds. Default 5. */
  readonly folds?: number;
  /**
   * A name or number for each row, such as its specimen's: rows of one group are never divided between training, validation
   * and test. Default: every row by itself.
   */
  readonly groups?: RowNames;
  /**
   * The fraction of each fold's training rows that is not trained on but watched, by early stopping, plateau schedules
   * and `monitor`. Above 0 and below 1. Default: no validation part.
   */
  readonly validation?: number;
  /**
   * Fitted on the training rows of each fold by itself: no fold sees its test rows, or those it watches. Default none.
   */
  readonly preprocessing?: PreprocessingOptions;
  /**
   * Computed on the test rows, and on the validation part where there is one, in the units of the data; at least one.
   */
  readonly metrics: readonly Metric[];
  /** New callbacks for each fold, which is counted from 0, such as a progress line. Default none. */
  readonly callbacks?: (fold: number) => readonly Callback[];
}

/** One fold. */
export interface FoldResult {
  /** After the last update, or as a callback restored it: with early stopping that of the best epoch. */
  readonly model: TrainedModel;
  /** Rows it was judged on. */
  readonly testRows: Int32Array;
  /** By name, on the test rows. NaN where a metric has no value. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Why, by metric name: for instance that one class is missing. Absent where all have values. */
  readonly undefinedMetrics?: Readonly<Record<string, string>>;
  /** What deserves a look, a sentence each, such as a column that is constant in the rows it was trained on. */
  readonly warnings: readonly string[];
}

/** What {@link crossValidate} finds. */
export interface CrossValidation {
  readonly folds: readonly FoldResult[];
  /** By name, over the folds where the metric has a value. */
  readonly metrics: Readonly<Record<string, MetricSpread>>;
}

/** A metric over the folds. */
export interface MetricSpread {
  readonly mean: number;
  /** Over `folds - 1`. */
  readonly standardDeviation: number;
  /** How many folds have a value. */
  readonly folds: number;
}

/**
 * Trains a model for each fold, from weights of its own, and judges it on the rows it has not seen. The seed decides
 * the folds; fold `i` trains with `seed + i`. The folds' models share their training rows: their spread understates
 * what new data would show.
 *
 * Where the data has `classes`, every fold tests its share of each, as nearly as whole `groups` allow.
 *
 * Where rows belong together - cuts of one specimen, images of one batch - say so by `groups`: a model that has seen a
 * specimen is not judged on it.
 *
 * @throws on more folds than rows or groups, without metrics, on a `monitor` without `validation`, and the signal's
 *   reason if it is aborted
 * @example
 * ```ts
 * import { adam, dense, mse } from "@hooke/core";
 * import { dataset, metrics } from "@hooke/data";
 * import { crossValidate } from "@hooke/regularization";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const x = Array.from({ length: 12 }, (_, i) => [i / 6 - 1]);
 * const { folds, metrics: found } = await crossValidate({
 *   backend: referenceBackend(),
 *   model: dense({ units: 1 }),
 *   data: dataset({ inputs: array(x), targets: array(x.map(([at]) => [2 * at! + 1])) }),
 *   loss: mse(),
 *   optimizer: adam(),
 *   learningRate: 0.1,
 *   metrics: [metrics.rmse],
 *   folds: 3,
 *   epochs: 60,
 *   batchSize: 4,
 *   seed: 0,
 * });
 * console.log(folds.length, found.rmse!.mean < 0.1); // 3 true
 * ```
 */
export async function crossValidate(options: CrossValidateOptions): Promise<CrossValidation> {
  const { count, train, spreads } = foldTrainings("crossValidate", options);
  const folds: FoldResult[] = [];
  for (let fold = 0; fold < count; fold++) folds.push(await train(fold));
  return { folds, metrics: spreads(folds) };
}

/** What one fold is trained with besides the options of all. */
export type FoldOptions = Pick<FitOptions, "checkpoint" | "resume" | "signal">;

/** The trainings of a cross-validation, each by itself. */
export interface FoldTrainings {
  readonly count: number;
  train(fold: number, options?: FoldOptions): Promise<FoldResult>;
  /** Each metric over the folds. */
  spreads(folds: readonly Pick<FoldResult, "metrics">[]): CrossValidation["metrics"];
}

/** Divides the rows. @param who the speaker of errors @throws what {@link crossValidate} throws before it trains */
export function foldTrainings(who: string, options: CrossValidateOptions): FoldTrainings {
  check(who, options);
  const {
    data: given,
    sampleWeights,
    folds = 5,
    groups,
    validation,
    preprocessing,
    metrics,
    callbacks,
    seed,
    ...rest
  } = options;
  const loss = lossFor(rest.loss, given.classes);
  const { ignoreLabel = loss.ignoreLabel } = given;
  const data = ignoreLabel === undefined ? given : { ...given, ignoreLabel };
  const weightsOf = (rows: Int32Array): HostArray | undefined => sampleWeights && takeRows(sampleWeights, rows);
  const counted = lossWeights(data, loss, sampleWeights)?.counted;
  const labels = data.classes && data.targets.shape.length === 1 ? data.targets.data : undefined;
  const parts = kFold(data.count, folds, seed, groups, labels).map(({ train, test }, i) => {
    const [trained, watched] = divided(train, validation, seed + i, groups, labels);
    return { trained, watched, test };
  });
  if (counted !== undefined) checkFoldWeights(who, parts, counted);
  // Folds differ by a row: what the last of them cannot be trained on is said before the first is.
  const { lastBatch = "keep" } = rest;
  for (const count of new Set(parts.map(({ trained }) => trained.length))) {
    checkLeftOver({ ...rest, data, lastBatch }, count);
  }
  return {
    count: parts.length,
    async train(fold, own = {}) {
      const { trained, watched, test } = parts[fold]!;
      const part = take(data, trained);
      const fitted: Preprocessing | undefined = preprocessing && fitPreprocessing(part, preprocessing);
      const [trainedWeights, watchedWeights] = [weightsOf(trained), watched && weightsOf(watched)];
      const { model, warnings } = await fit({
        ...rest,
        ...own,
        seed: seed + fold,
        data: {
          train: part,
          ...(watched && { validation: take(data, watched) }),
          ...(trainedWeights && { sampleWeights: trainedWeights }),
          ...(watchedWeights && { validationWeights: watchedWeights }),
        },
        ...(watched && { metrics }),
        ...(fitted && { preprocessing: fitted }),
        ...(callbacks && { callbacks: callbacks(fold) }),
      });
      // An aborted training returns what it has; that is no result of a fold.
      const { signal = rest.signal } = own;
      signal?.throwIfAborted();
      const testWeights = weightsOf(test);
      const judged = await evaluate(model, take(data, test), {
        backend: rest.backend,
        metrics,
        ...(signal && { signal }),
        ...(testWeights && { sampleWeights: testWeights }),
      });
      return { model, testRows: test, ...judged, warnings };
    },
    spreads: (all) =>
      Object.fromEntries(metrics.map(({ name }) => [name, spread(all.map((fold) => fold.metrics[name]!))])),
  };
}

/** Rows of a fold. */
interface FoldRows {
  readonly trained: Int32Array;
  readonly watched: Int32Array | undefined;
  readonly test: Int32Array;
}

/** @throws if nothing counts in a part of a fold */
function checkFoldWeights(who: string, folds: readonly FoldRows[], weights: HostArray): void {
  for (const [i, { trained, watched, test }] of folds.entries()) {
    const parts = [
      ["trains on", trained],
      ["watches", watched],
      ["is judged on", test],
    ] as const;
    for (const [does, rows] of parts) {
      if (rows === undefined || takeRows(weights, rows).data.some((weight: number) => weight > 0)) continue;
      fail(
        who,
        `every row that fold ${i} ${does} counts 0, by its weight or its class; leave such rows out of the data, or take fewer folds.`,
        "invalid-data",
      );
    }
  }
}

/** Rows to train on, and rows to watch. */
function divided(
  rows: Int32Array,
  validation: number | undefined,
  seed: number,
  groups: RowNames | undefined,
  strata: RowNames | undefined,
): readonly [train: Int32Array, validation?: Int32Array] {
  if (validation === undefined) return [rows];
  const of = (names: RowNames | undefined) => names && Array.from(rows, (row) => names[row]!);
  const parts = split(rows.length, { train: "rest", validation }, seed, of(groups), of(strata));
  const taken = (places: Int32Array): Int32Array => places.map((place) => rows[place]!);
  return [taken(parts.train), taken(parts.validation)];
}

const oneDataset: Check = (value) =>
  datasetCheck(value) && `one dataset, such as dataset({ inputs, targets }) gives; its rows are divided here`;
const someMetrics: Check = (value) =>
  fitChecks.metrics(value) === undefined && (value as readonly Metric[]).length > 0
    ? undefined
    : "at least one metric, in a list such as [metrics.rmse]";
const unfitted: Check = (value) => {
  if (typeof value !== "object" || value === null)
    return "transforms to fit in each fold, such as { inputs: standardize() }";
  return "inputNames" in value
    ? "preprocessing that is not fitted yet, such as { inputs: standardize() }; each fold fits its own"
    : undefined;
};
const named: Check = (value) =>
  typeof (value as ArrayLike<unknown> | null)?.length === "number"
    ? undefined
    : "a list of names or numbers, one for each row";
const perFold: Check = (value) =>
  typeof value === "function"
    ? undefined
    : "a function of the fold that returns callbacks, such as () => [earlyStopping()]";

function check(who: string, options: CrossValidateOptions): void {
  const { backend, model, loss, optimizer, learningRate, epochs, batchSize, seed, ...others } = fitChecks;
  const { data: _, metrics: __, checkpoint, resume, variables, ...optional } = others;
  const own = {
    sampleWeights: hostArrayCheck,
    folds: checks.count,
    groups: named,
    validation: checks.betweenZeroAndOne,
    callbacks: perFold,
    preprocessing: unfitted,
  };
  const required = { backend, model, loss, optimizer, learningRate, epochs, batchSize, seed };
  checkOptions<Readonly<Record<string, unknown>>>(who, options, {
    required: { ...required, data: oneDataset, metrics: someMetrics } as never,
    optional: { ...optional, ...own } as never,
  });
  if (options.monitor !== undefined && options.validation === undefined) {
    fail(who, `received monitor "${options.monitor}" and no rows to watch; give validation: 0.1, or leave it out.`);
  }
}

function spread(all: readonly number[]): MetricSpread {
  const values = all.filter((value) => !Number.isNaN(value));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(squares / (values.length - 1)), folds: values.length };
}
