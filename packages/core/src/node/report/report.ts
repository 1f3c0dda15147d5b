// What a report of a finished training holds.

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

/** A curve over the epochs. `null` and NaN are gaps. */
export interface ReportSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Measured and predicted values of one part of the data, in its units. */
export interface ReportParity {
  /** e.g. `"test"`. */
  readonly label: string;
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** A finished training, for people. */
export interface Report {
  readonly title: string;
  /** The few facts one looks for first; numbers are shown with four significant digits. */
  readonly summary: readonly ReportRow[];
  readonly history: { readonly epochs: readonly number[]; readonly series: readonly ReportSeries[] };
  readonly metrics: readonly ReportMetric[];
  /** Draws the parity and residual plots. The part listed last is drawn on top. */
  readonly parity?: readonly ReportParity[];
  /** What is predicted, with its unit, e.g. `"compressive strength (MPa)"`. Default `"value"`. */
  readonly quantity?: string;
  /** Run configuration, versions, machine: groups of rows under a heading. */
  readonly details: readonly { readonly title: string; readonly rows: readonly ReportRow[] }[];
}
