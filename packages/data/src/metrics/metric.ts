// What a metric is: a number for people, computed on the host from predictions and targets, that knows which way is better.
import {
  type Check,
  checkArgument,
  checkOptions,
  describe,
  fail,
  type HostArray,
  isHostArray,
  type OptionTable,
  sameShape,
  show,
} from "@hooke/runtime";
import { hostArrayCheck } from "../arguments.ts";

/** Which way a metric improves. */
export type Direction = "minimize" | "maximize";

/** What every metric may be told. */
export interface MetricOptions {
  /** What each row counts: finite, not negative, in any unit. Default: all the same. */
  readonly weights?: ArrayLike<number>;
}

/** A named number computed from predictions and targets. */
export interface Metric<Options extends MetricOptions = MetricOptions> {
  readonly name: string;
  readonly direction: Direction;
  /** Whether `compute` reads `options.weights`. Where there are weights, a metric that does not is refused. Default false. */
  readonly weighted?: boolean;
  /** NaN where the metric has no value. */
  readonly compute: (predictions: HostArray, targets: HostArray, options?: Options) => number;
  /**
   * Why the metric has no value for these targets, e.g. `"there is one row, and r2 needs two"`; undefined where it has one. By
   * the targets alone where predictions are not there yet. Default: it always has one.
   */
  readonly whyUndefined?: (targets: HostArray, predictions?: HostArray) => string | undefined;
}

/** Expects weights of rows. */
export const weightsCheck: Check = (value) => {
  if (isHostArray(value)) return "a list of numbers, one for each row: give its .data";
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value)
    ? undefined
    : "a list of numbers, one for each row";
};

const plainTable: OptionTable<MetricOptions> = { optional: { weights: weightsCheck } };

/** Throws on arguments of another kind, on unknown options, and on weights that are not one for each row. */
export function checkCompute(
  who: string,
  predictions: HostArray,
  targets: HostArray,
  options: MetricOptions = {},
): void {
  checkArguments(who, predictions, targets, options, plainTable);
}

/** {@link checkCompute} of a metric with options of its own. */
export function checkArguments<Options extends object>(
  who: string,
  predictions: HostArray,
  targets: HostArray,
  options: Options,
  table: OptionTable<Options>,
): void {
  checkArgument(who, "predictions", predictions, hostArrayCheck);
  checkArgument(who, "targets", targets, hostArrayCheck);
  if (Array.isArray(options) || ArrayBuffer.isView(options) || isHostArray(options)) {
    fail(who, `received ${show(options)} as options; what each row counts is given as { weights: [...] }.`);
  }
  checkOptions(who, options, table);
  const { weights } = options as MetricOptions;
  const [rows = 1] = targets.shape;
  if (weights !== undefined && weights.length !== rows)
    fail(who, `received ${weights.length} weights for ${rows} rows; give one for each.`, "mismatch");
}

/**
 * What each row counts, scaled to the mean 1.
 *
 * @throws on weights that are negative or not finite, and on none above 0
 */
export function rowWeights(who: string, rows: number, { weights }: MetricOptions = {}): (row: number) => number {
  if (weights === undefined) return () => 1;
  let sum = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights[row]!;
    if (!(Number.isFinite(weight) && weight >= 0)) {
      fail(who, `the weights hold ${weight} for row ${row}; they are finite and not negative.`, "invalid-data");
    }
    sum += weight;
  }
  if (!(sum > 0)) fail(who, "every weight is 0; give at least one row a weight above 0.", "invalid-data");
  return (row) => (weights[row]! * rows) / sum;
}

/** Throws unless both arrays have one shape and at least one value. */
export function checkSameShape(who: string, predictions: HostArray, targets: HostArray): void {
  checkNotEmpty(who, predictions);
  if (!sameShape(predictions.shape, targets.shape)) {
    fail(
      who,
      `received predictions ${describe(predictions)} and targets ${describe(targets)}; they must have the same shape.`,
      "mismatch",
    );
  }
}

export function checkNotEmpty(who: string, predictions: HostArray): void {
  if (predictions.data.length === 0)
    fail(who, `received no predictions (${describe(predictions)}); it needs at least one.`, "invalid-data");
}

/** Rows and columns of `[rows]` or `[rows, columns]`. */
export function tableShape(who: string, role: string, values: HostArray): { rows: number; columns: number } {
  const [rows, columns = 1] = values.shape;
  if (rows === undefined || values.shape.length > 2) {
    fail(who, `received ${role} ${describe(values)}; they are [rows] or [rows, columns].`, "mismatch");
  }
  return { rows, columns };
}
