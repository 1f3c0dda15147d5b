// Probe: the linear model on features that are there already, with the penalty that predicts best what it has not seen.
import {
  atEdge,
  bestLeftOut,
  largestFirst,
  logLoss,
  multiples,
  type Rows,
  restsFor,
  ridgeAt,
  ridgePath,
  softmaxPath,
  someRows,
} from "@hooke/baselines/linear";
import { fitChecks, type TrainedModel } from "@hooke/core";
import {
  type Dataset,
  datasetCheck,
  kFold,
  metrics,
  type Preprocessing,
  type RowNames,
  take,
  withoutTransforms,
} from "@hooke/data";
import { type Check, checkOptions, checks, fail, type HostArray, show } from "@hooke/runtime";
import { checkVarying, fitScaling, rowsOf, scaled, targetsOf } from "../linear/rows.ts";
import { linearModel, unscaled } from "./linear-model.ts";

/** Options of {@link probe}. */
export interface ProbeOptions {
  /**
   * Features as inputs, `[images, width]` or `[images, views, width]`, such as `features` makes: f32 or f64. Targets are numbers, or labels
   * with `classes`. Rows of its `ignoreLabel` are left out.
   */
  readonly data: Dataset;
  /**
   * A name or number for each row, such as its specimen's: rows of one group are left out together. Default: every row by itself. Images
   * cut from one specimen are alike, and a score that leaves out one of them says little about the next specimen.
   */
  readonly groups?: RowNames;
  /**
   * Penalties to choose from, each of the sum of squared weights of scaled features, beside the sum of squared errors or twice that of
   * cross-entropies: scikit-learn's `alpha` and `1 / C`. Default: from 1e-4 to 1e4 times the mean eigenvalue of the features' products, 33
   * of them; of a logistic regression, whose folds are fitted anew for each, from 1e-4 to 10 times, 6 of them.
   */
  readonly penalties?: readonly number[];
  /** Of the folds that choose the penalty of a logistic regression. Default 0. */
  readonly seed?: number;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
}

/** What {@link probe} found. */
export interface Probe {
  /**
   * A `dense` layer on features `[width]`, scaling included: `predict` gives targets in their units, or logits. Where features have views,
   * it is one for the mean over them.
   */
  readonly model: TrainedModel;
  /** The penalty that was chosen. */
  readonly penalty: number;
  /** How rows were predicted that the model had not seen: `"leave-one-out"`, `"leave-one-group-out"`, or `"5 folds"` and alike. */
  readonly validation: string;
  /** Such predictions of all rows, `f64[rows, outputs]`: targets in their units, or logits. */
  readonly predictions: HostArray;
  /** Of these predictions: r2 (the mean over the targets), or accuracy. */
  readonly score: number;
  /** What deserves a look, a sentence each. */
  readonly warnings: readonly string[];
}

const penaltiesCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => checks.positive(each) === undefined)
    ? undefined
    : "a list of numbers above 0";
/** Expects a name or number for each row. */
export const groupsCheck: Check = (value) =>
  typeof value === "object" && typeof (value as { length?: unknown } | null)?.length === "number"
    ? undefined
    : "a name or number for each row";

/**
 * Fits a linear model to features: ridge regression of numbers, in closed form in f64, or logistic regression of classes. Features are
 * scaled by `std + mean std`, so that one that hardly changes cannot count for much.
 *
 * The penalty of a ridge regression is the one with the least squared error over rows left out, by the hat matrix, exactly, with the scaling
 * of all rows. That of a logistic regression has the least cross-entropy over five folds, each scaled by its own training rows.
 *
 * @throws on fewer than 3 rows, on features or targets that are all the same, on one class, and the signal's reason if it is aborted
 * @example
 * ```ts
 * import { predict } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { probe } from "@hooke/transfer";
 *
 * const data = dataset({
 *   inputs: array([[0, 1], [1, 0], [2, 2], [3, 1], [4, 3]]),
 *   targets: array([1, 3, 5, 7, 9]),
 * });
 * const { model, score } = await probe({ data });
 * const { data: found } = await predict(model, array([[5, 2]]), { backend: referenceBackend() });
 * console.log(score > 0.99, Math.abs(found[0]! - 11) < 0.1); // true true
 * ```
 */
export async function probe(options: ProbeOptions): Promise<Probe> {
  checkOptions<ProbeOptions>("probe", options, {
    required: { data: datasetCheck },
    optional: {
      groups: groupsCheck,
      penalties: penaltiesCheck,
      seed: checks.wholeNumber,
      signal: fitChecks.signal,
    },
  });
  const { data: given } = options;
  if (Object.keys(given.extras).length > 0) {
    fail("probe", `received the extras ${Object.keys(given.extras)}; features have none.`, "mismatch");
  }
  if (options.groups !== undefined && options.groups.length !== given.count) {
    fail("probe", `received ${options.groups.length} groups for ${given.count} rows; give one for each.`, "mismatch");
  }
  const known = knownRows(given);
  const data = known.length === given.count ? given : take(given, known);
  const groups = options.groups && Array.from(known, (row) => options.groups![row]!);
  const rows = rowsOf("probe", data.inputs);
  if (rows.count < 3) fail("probe", `received ${rows.count} rows; it needs 3 at least.`, "invalid-data");
  const { classes } = targetsOf("probe", data);
  return classes === undefined
    ? ridgeProbe(data, rows, groups, options)
    : logisticProbe(data, rows, groups, classes, options);
}

async function ridgeProbe(
  data: Dataset,
  rows: Rows,
  groups: RowNames | undefined,
  { penalties: given, signal }: ProbeOptions,
): Promise<Probe> {
  const known = targetsOf("probe", data);
  const { columns, data: values } = known;
  checkVarying("probe", data, known);
  const scaling = fitScaling("probe", rows);
  // In deviations of their own, targets of any size choose the penalty together.
  const transform = standardized(data, values, columns);
  const { mean, std } = transform;
  const preprocessing: Preprocessing = { ...withoutTransforms(data), targets: [transform] };
  const rest = restsFor(signal);
  const path = await ridgePath(
    {
      rows: scaled(rows, scaling),
      targets: values.map((value, i) => (value - mean[i % columns]!) / (std[i % columns] || 1)),
      columns,
    },
    rest,
  );
  const penalties = largestFirst(given) ?? multiples(path.spectrum, 33, 1e4, 1e-4);
  const { penalty, leftOut } = await bestLeftOut("probe", path, penalties, rest, membersOf(groups, rows.count));
  const predictions: HostArray = {
    shape: [rows.count, columns],
    dtype: "f64",
    data: leftOut.map((value, i) => value * (std[i % columns] || 1) + mean[i % columns]!),
  };
  const targets: HostArray = { shape: [rows.count, columns], dtype: "f64", data: values };
  return {
    model: linearModel(data, rows.width, unscaled(scaling, ridgeAt(path, penalty)), preprocessing),
    penalty,
    validation: groups === undefined ? "leave-one-out" : "leave-one-group-out",
    predictions,
    score: metrics.r2.compute(predictions, targets),
    warnings: atEdge(penalty, penalties),
  };
}

async function logisticProbe(
  data: Dataset,
  rows: Rows,
  groups: RowNames | undefined,
  classes: readonly string[],
  { penalties: given, seed = 0, signal }: ProbeOptions,
): Promise<Probe> {
  const labels = Int32Array.from(data.targets.data);
  const counts = classes.map((_, c) => labels.filter((label) => label === c).length);
  if (counts.filter((count) => count > 0).length < 2) {
    fail("probe", "received rows of one class; there is nothing to tell apart.", "invalid-data");
  }
  const parts = new Set(groups === undefined ? labels.keys() : Array.from(groups as ArrayLike<unknown>)).size;
  const folds = Math.min(5, parts);
  const scaling = fitScaling("probe", rows);
  const rest = restsFor(signal);
  const { penalties, models: all } = await softmaxPath(
    "probe",
    { rows: scaled(rows, scaling), labels, classes: classes.length },
    (spectrum) => largestFirst(given) ?? multiples(spectrum, 6, 10, 1e-4),
    rest,
  );
  const logits = penalties.map(() => new Float64Array(rows.count * classes.length));
  for (const { train, test } of kFold(rows.count, folds, seed, groups, labels)) {
    const part = someRows(rows, train);
    const own = fitScaling("probe", part);
    const trained = Int32Array.from(train, (row) => labels[row]!);
    const problem = { rows: scaled(part, own), labels: trained, classes: classes.length };
    const { models } = await softmaxPath("probe", problem, () => penalties, rest);
    const tested = scaled(someRows(rows, test), own);
    for (const [p, { weights, bias }] of models.entries()) {
      for (const [i, row] of test.entries()) {
        for (let c = 0; c < classes.length; c++) {
          let logit = bias[c]!;
          for (let j = 0; j < rows.width; j++) logit += tested.data[i * rows.width + j]! * weights[c]![j]!;
          logits[p]![row * classes.length + c] = logit;
        }
      }
    }
  }
  const losses = logits.map((each) => crossEntropy(each, labels, classes.length));
  const best = losses.indexOf(Math.min(...losses));
  const predictions: HostArray = { shape: [rows.count, classes.length], dtype: "f64", data: logits[best]! };
  const rare = classes.filter((_, c) => counts[c]! < 2);
  return {
    model: linearModel(data, rows.width, unscaled(scaling, all[best]!), withoutTransforms(data)),
    penalty: penalties[best]!,
    validation: `${folds} folds${groups === undefined ? "" : " of whole groups"}`,
    predictions,
    score: metrics.accuracy.compute(predictions, { shape: [rows.count], dtype: "i32", data: labels }),
    warnings: [
      ...atEdge(penalties[best]!, penalties),
      ...(rare.length === 0
        ? []
        : [`The classes ${rare.join(", ")} have fewer than two rows: no fold can both learn and judge them.`]),
    ],
  };
}

/** Rows whose label is known. */
export function knownRows({ count, targets, ignoreLabel }: Dataset): Int32Array {
  const all = Int32Array.from({ length: count }, (_, row) => row);
  return ignoreLabel === undefined ? all : all.filter((row) => targets.data[row] !== ignoreLabel);
}

/** Rows by group. @throws on one group */
export function membersOf(groups: RowNames | undefined, count: number): Int32Array[] {
  if (groups === undefined) return Array.from({ length: count }, (_, row) => Int32Array.of(row));
  const members = new Map<unknown, number[]>();
  for (let row = 0; row < count; row++) members.set(groups[row], [...(members.get(groups[row]) ?? []), row]);
  if (members.size < 2) fail("probe", `all rows are of the group ${show(groups[0])}; two are needed.`, "invalid-data");
  return [...members.values()].map((rows) => Int32Array.from(rows));
}

function standardized({ targetNames }: Dataset, values: Float64Array, columns: number) {
  const count = values.length / columns;
  const mean = new Array<number>(columns).fill(0);
  const square = new Array<number>(columns).fill(0);
  for (let i = 0; i < values.length; i++) mean[i % columns]! += values[i]! / count;
  for (let i = 0; i < values.length; i++) square[i % columns]! += (values[i]! - mean[i % columns]!) ** 2 / count;
  return { type: "standardize" as const, columns: targetNames, mean, std: square.map(Math.sqrt) };
}

function crossEntropy(logits: Float64Array, labels: Int32Array, classes: number): number {
  let sum = 0;
  for (const [i, label] of labels.entries()) sum += logLoss(logits.subarray(i * classes, (i + 1) * classes), label);
  return sum / labels.length;
}
