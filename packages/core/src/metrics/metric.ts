// What a metric is: a number for people, computed on the host from predictions and targets, that knows which way is better.
import { describe, fail, type HostArray, sameShape } from "@hooke/runtime";

/** Which way a metric improves. */
export type Direction = "minimize" | "maximize";

/** A named number computed from predictions and targets; `Options` is `never` where there are none. */
export interface Metric<Options = never> {
  readonly name: string;
  readonly direction: Direction;
  /** NaN where the metric has no value. */
  readonly compute: (predictions: HostArray, targets: HostArray, options?: Options) => number;
  /**
   * Why the metric has no value for these targets, e.g. `"there is one row, and r2 needs two"`; undefined where it has one. By
   * the targets alone where predictions are not there yet. Default: it always has one.
   */
  readonly whyUndefined?: (targets: HostArray, predictions?: HostArray) => string | undefined;
}

/** Throws unless both arrays have one shape and at least one value. */
export function checkSameShape(who: string, predictions: HostArray, targets: HostArray): void {
  checkNotEmpty(who, predictions);
  if (!sameShape(predictions.shape, targets.shape)) {
    fail(
      who,
      `received predictions ${describe(predictions)} and targets ${describe(targets)}; they must have the same shape.`,
    );
  }
}

export function checkNotEmpty(who: string, predictions: HostArray): void {
  if (predictions.data.length === 0)
    fail(who, `received no predictions (${describe(predictions)}); it needs at least one.`);
}

/** Rows and columns of `[rows]` or `[rows, columns]`. */
export function tableShape(who: string, role: string, values: HostArray): { rows: number; columns: number } {
  const [rows, columns = 1] = values.shape;
  if (rows === undefined || values.shape.length > 2) {
    fail(who, `received ${role} ${describe(values)}; they are [rows] or [rows, columns].`);
  }
  return { rows, columns };
}
