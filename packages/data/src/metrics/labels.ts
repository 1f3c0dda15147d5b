// Class labels out of predictions and targets: integers as they are, scores by their largest column or by a threshold.
import { checks, describe, fail, type HostArray, type OptionTable, zeros } from "@hooke/runtime";
import { labelCheck } from "../arguments.ts";
import { checkNotEmpty, type MetricOptions, tableShape, weightsCheck } from "./metric.ts";

/** How classification metrics read their arguments. */
export interface LabelOptions extends MetricOptions {
  /**
   * What floating-point predictions of one column are: `"logits"` are positive above 0, `"probabilities"` above 0.5, `"labels"`
   * are class numbers. Integer and bool predictions of one column are always labels; of several columns, the largest decides.
   * Default `"logits"`, which is what the classification losses take.
   */
  readonly predictions?: "logits" | "probabilities" | "labels";
  /** Number of classes. Default: the number of columns, or the largest label plus one. */
  readonly classes?: number;
  /** A target that says that the class is not known: such rows are left out. Default none. */
  readonly ignoreLabel?: number;
}

/** Checks of {@link LabelOptions}. */
export const labelTable = {
  optional: {
    weights: weightsCheck,
    predictions: (value) => checks.oneOf(value, ["logits", "probabilities", "labels"]),
    classes: checks.count,
    ignoreLabel: labelCheck,
  },
} satisfies OptionTable<LabelOptions>;

/** Options with what leaves rows out. */
type RowOptions = Pick<LabelOptions, "weights" | "ignoreLabel">;

/** The arguments of a metric without the rows whose target is `ignoreLabel`. Targets are labels, one for each row. */
export function knownRows<Options extends RowOptions>(
  predictions: HostArray,
  targets: HostArray,
  options: Options,
): readonly [predictions: HostArray, targets: HostArray, options: Options] {
  const { weights, ignoreLabel } = options;
  const labels: ArrayLike<number> = targets.data;
  const all = Array.from(labels, (_, row) => row);
  const rows = ignoreLabel === undefined ? all : all.filter((row) => labels[row] !== ignoreLabel);
  // Where there is not one label for each row, the metric says so.
  if (rows.length === all.length || labels.length !== predictions.shape[0]) return [predictions, targets, options];
  const left = weights === undefined ? options : { ...options, weights: rows.map((row) => weights[row]!) };
  return [rowsOf(predictions, rows), rowsOf(targets, rows), left];
}

function rowsOf({ data, shape: [count, ...row], dtype }: HostArray, rows: readonly number[]): HostArray {
  const width = data.length / count!;
  const part = zeros([rows.length, ...row], dtype);
  for (const [to, from] of rows.entries()) part.data.set(data.subarray(from * width, (from + 1) * width), to * width);
  return part;
}

/** One class number per row. */
export interface Labels {
  readonly predicted: Int32Array;
  readonly actual: Int32Array;
  readonly classes: number;
}

/**
 * @param predictions `[rows]`, `[rows, 1]` or `[rows, classes]`
 * @param targets class numbers `[rows]` or `[rows, 1]`, or one-hot `[rows, classes]`
 */
export function labelsOf(who: string, predictions: HostArray, targets: HostArray, options: LabelOptions = {}): Labels {
  checkNotEmpty(who, predictions);
  const shape = tableShape(who, "predictions", predictions);
  const actual = targetLabels(who, targets, shape.rows, predictions);
  if (shape.columns > 1) checkColumnOf(who, actual, shape.columns);
  const predicted = predictedLabels(who, predictions, options);
  let largest = 0;
  for (let row = 0; row < shape.rows; row++) largest = Math.max(largest, predicted[row]!, actual[row]!);
  const classes = options.classes ?? Math.max(shape.columns, largest + 1, 2);
  if (largest >= classes)
    fail(
      who,
      `received the label ${largest} with ${classes} classes; labels run from 0 to ${classes - 1}.`,
      "invalid-data",
    );
  return { predicted, actual, classes };
}

/** Class numbers of predictions. */
export function predictedLabels(
  who: string,
  predictions: HostArray,
  { predictions: kind = "logits" }: LabelOptions = {},
): Int32Array {
  const { columns } = tableShape(who, "predictions", predictions);
  if (columns > 1) return largestColumns(who, "predictions", predictions, columns);
  const integer = predictions.dtype !== "f32" && predictions.dtype !== "f64";
  if (integer || kind === "labels") return classNumbers(who, "predictions", predictions);
  return aboveThreshold(who, predictions, kind === "logits" ? 0 : 0.5);
}

/** Class numbers of targets: as they are, or from one-hot rows. */
export function targetLabels(who: string, targets: HostArray, rows: number, predictions: HostArray): Int32Array {
  const shape = tableShape(who, "targets", targets);
  if (shape.rows !== rows) {
    fail(
      who,
      `received predictions ${describe(predictions)} and targets ${describe(targets)}; they must have the same number of rows.`,
      "mismatch",
    );
  }
  return shape.columns > 1
    ? largestColumns(who, "targets", targets, shape.columns)
    : classNumbers(who, "targets", targets);
}

/** @throws on a label that predictions have no column for */
export function checkColumnOf(who: string, labels: Int32Array, columns: number): void {
  const wrong = labels.findIndex((label) => label >= columns);
  if (wrong < 0) return;
  const range = `labels run from 0 to ${columns - 1} here`;
  fail(who, `targets hold the label ${labels[wrong]} in row ${wrong}; ${range}.`, "invalid-data");
}

function classNumbers(who: string, role: string, { data }: HostArray): Int32Array {
  return Int32Array.from(data, (value: number, row: number) => {
    if (Number.isInteger(value) && value >= 0) return value;
    const cure = value < 0 && role === "targets" ? `, or say that it stands for no class: ignoreLabel: ${value}` : "";
    return fail(who, `${role} hold ${value} in row ${row}; labels are whole numbers from 0${cure}.`, "invalid-data");
  });
}

function aboveThreshold(who: string, { data }: HostArray, threshold: number): Int32Array {
  return Int32Array.from(data, (value: number, row: number) => {
    if (Number.isNaN(value)) fail(who, `predictions hold NaN in row ${row}; they have no class.`, "non-finite");
    return value > threshold ? 1 : 0;
  });
}

function largestColumns(who: string, role: string, { data }: HostArray, columns: number): Int32Array {
  return Int32Array.from({ length: data.length / columns }, (_, row) => {
    let best = 0;
    for (let column = 0; column < columns; column++) {
      const value = data[row * columns + column]!;
      if (Number.isNaN(value)) fail(who, `${role} hold NaN in row ${row}; they have no class.`, "invalid-data");
      if (value > data[row * columns + best]!) best = column;
    }
    return best;
  });
}
