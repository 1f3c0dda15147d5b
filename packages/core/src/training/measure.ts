// Metrics of a model on a part of the data: over the rows, or steps, that count, by what they weigh.

import { countedSteps, type Dataset, type Metric, type MetricOptions, stepLengths, takeRows } from "@hooke/data";
import { type Aval, fail, type HostArray, isFloat, quoted, show } from "@hooke/runtime";
import type { Validation } from "./events.ts";

/** @throws if there are weights and a metric that takes none, and on a metric that is called as the loss */
export function checkMetrics(metrics: readonly Metric[], weights: HostArray | undefined): void {
  if (metrics.some(({ name }) => name === "loss")) {
    fail("train", 'a metric is named "loss"; rename it.');
  }
  const plain = weights === undefined ? [] : metrics.filter(({ weighted }) => weighted !== true);
  if (plain.length === 0) return;
  fail(
    "train",
    `received weights and metrics that take none, ${quoted(plain.map(({ name }) => name))}; leave out one or the other ` +
      "(a metric that reads options.weights says so by weighted: true).",
  );
}

/**
 * Metrics of predictions in the units of the data, and why those that are NaN have no value. Steps of sequences and labelled
 * positions, such as pixels, are rows of their own; those behind an end, or without a known class, are left out.
 *
 * @param weights `[rows]` or `[rows, time]`, as {@link lossWeights} takes them
 */
export function measure(
  metrics: readonly Metric[],
  predictions: HostArray,
  data: Dataset<Aval>,
  weights?: HostArray,
): Pick<Validation, "metrics" | "undefinedMetrics"> {
  const [given, actual, options] = judged(predictions, data, weights);
  if (actual.shape[0] === 0) {
    fail(
      data.source,
      `no target has a known class: all are ${data.ignoreLabel}; there is nothing to judge.`,
      "invalid-data",
    );
  }
  const values = metrics.map((metric) => [metric, metric.compute(given, actual, options)] as const);
  const odd = values.find(([, value]) => typeof value !== "number");
  if (odd !== undefined) fail("metrics", `"${odd[0].name}" returned ${show(odd[1])}, no number.`);
  const reasons = values.flatMap(([{ name, whyUndefined }, value]) => {
    const why = Number.isNaN(value) ? whyUndefined?.(actual, given) : undefined;
    return why === undefined ? [] : [[name, why] as const];
  });
  return {
    metrics: Object.fromEntries(values.map(([{ name }, value]) => [name, value])),
    ...(reasons.length > 0 && { undefinedMetrics: Object.fromEntries(reasons) }),
  };
}

/** @throws if the metric that is watched would be NaN whatever is predicted */
export function checkWatched({ name, whyUndefined }: Metric, data: Dataset<Aval>): void {
  const why = whyUndefined?.(judgedTargets(data));
  if (why === undefined) return;
  fail(
    "train",
    `the monitor "${name}" would be NaN in every epoch: in the validation part ${why}. Give other rows to validate on, or monitor another metric.`,
    "invalid-data",
  );
}

/** The targets that metrics are computed of; labels one after the other, those that are known. */
function judgedTargets({ inputs, targets, extras, ignoreLabel }: Dataset<Aval>): HostArray {
  const lengths = stepLengths(targets, inputs, extras);
  const counted = lengths === undefined ? targets : countedSteps(targets, lengths);
  if (isFloat(counted.dtype) || (ignoreLabel === undefined && counted.shape.length < 3)) return counted;
  const labels = { ...counted, shape: [counted.data.length] };
  return takeRows(labels, knownRows(labels, ignoreLabel));
}

/** The rows whose label is not ignored. */
function knownRows({ data }: HostArray, ignoreLabel: number | undefined): number[] {
  return Array.from(data as Int32Array, (_, row) => row).filter((row) => data[row] !== ignoreLabel);
}

/** What metrics are computed of: a row for each row, step or position that counts. */
function judged(
  predictions: HostArray,
  { inputs, targets, extras, ignoreLabel }: Dataset<Aval>,
  weights: HostArray | undefined,
): readonly [predictions: HostArray, targets: HostArray, options: MetricOptions] {
  const known = stepLengths(targets, inputs, extras);
  const perStep = weights?.shape.length === 2;
  const lengths = known ?? (perStep ? full([targets.shape[0]!], targets.shape[1]!) : undefined);
  const counted = (values: HostArray): HostArray => (lengths === undefined ? values : countedSteps(values, lengths));
  let [given, actual] = [counted(predictions), counted(targets)];
  let weighed = weights && (perStep ? counted(weights).data : repeated(weights, lengths));
  if (!isFloat(actual.dtype) && actual.shape.length > 1 && given.shape.length === actual.shape.length + 1) {
    const count = actual.data.length;
    const share = count / actual.shape[0]!;
    const before = weighed;
    weighed = before && Array.from({ length: count }, (_, at) => before[Math.floor(at / share)]!);
    given = { ...given, shape: [count, given.shape.at(-1)!] };
    actual = { ...actual, shape: [count] };
  }
  if (ignoreLabel !== undefined && actual.data.length === actual.shape[0]) {
    const rows = knownRows(actual, ignoreLabel);
    const before = weighed;
    weighed = before && rows.map((row) => before[row]!);
    given = takeRows(given, rows);
    actual = takeRows(actual, rows);
  }
  return [given, actual, weighed === undefined ? {} : { weights: weighed }];
}

const full = (shape: readonly [number], length: number): HostArray => ({
  shape,
  dtype: "i32",
  data: new Int32Array(shape[0]).fill(length),
});

/** A row's weight for each of its steps. */
function repeated({ data: weights }: HostArray, lengths: HostArray | undefined): ArrayLike<number> {
  if (lengths === undefined) return weights;
  return Array.from(lengths.data).flatMap((length, row) => new Array<number>(length).fill(weights[row]!));
}
