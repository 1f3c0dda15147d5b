// What a report holds.
import type { HostArray } from "@hooke/runtime";

/** A fact with its name, e.g. `{ label: "Parameters", value: 4929 }`. */
export interface ReportRow {
  readonly label: string;
  readonly value: string | number;
}

/** A metric's value per part of the data, e.g. `{ name: "RMSE (MPa)", values: { validation: 4.9, test: 5.1 } }`. */
export interface ReportMetric {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A curve. `null` and NaN are gaps. */
export interface ReportSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Curves over one axis. */
export interface ReportChart {
  readonly title: string;
  /** What is to be seen, in a sentence: also for those who do not see the plot. */
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Ascending. */
  readonly x: readonly number[];
  /** A value per `x` each. Four can be told apart. */
  readonly series: readonly ReportSeries[];
}

/** Measured and predicted values of one part of the data, in its units. */
export interface ReportParity {
  /** e.g. `"test"`. */
  readonly label: string;
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** Which classes were taken for which, on one part of the data. */
export interface ReportConfusion {
  /** e.g. `"test"`. */
  readonly label: string;
  /** The names of the classes, such as the `classes` of the model's preprocessing. */
  readonly classes: readonly string[];
  /** Rows by actual and by predicted class, `[classes, classes]`, such as `metrics.confusionMatrix` counts. */
  readonly counts: HostArray;
}

/** A finished training, or another result, for people. */
export interface Report {
  readonly title: string;
  /** The few facts one looks for first; numbers are shown with four significant digits. */
  readonly summary: readonly ReportRow[];
  /** Losses over the epochs; draws the training curves. */
  readonly history?: { readonly epochs: readonly number[]; readonly series: readonly ReportSeries[] };
  readonly metrics: readonly ReportMetric[];
  /** Further curves. */
  readonly charts?: readonly ReportChart[];
  /** Draws the parity and residual plots. The part listed last is drawn on top. */
  readonly parity?: readonly ReportParity[];
  /** Lists, for classes, what was taken for what. */
  readonly confusion?: readonly ReportConfusion[];
  /** What deserves a look, a sentence each, such as the `warnings` that `fit` returns. */
  readonly warnings?: readonly string[];
  /** What is predicted, with its unit, e.g. `"compressive strength (MPa)"`. Default `"value"`. */
  readonly quantity?: string;
  /** Run configuration, versions, machine: groups of rows under a heading. */
  readonly details: readonly { readonly title: string; readonly rows: readonly ReportRow[] }[];
}
