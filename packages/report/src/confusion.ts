// From counts of actual and predicted classes to a table: what was taken for what, with recall and precision.
import { describe, fail } from "@hooke/runtime";
import { formatNumber } from "./charts.ts";
import type { ReportConfusion } from "./report.ts";

/** A table whose first column names the row. */
export interface ConfusionTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** @throws if there is not a count for every pair of classes */
export function confusionTable({ label, classes, counts }: ReportConfusion): ConfusionTable {
  const { shape, data } = counts;
  const count = classes.length;
  if (shape.length !== 2 || shape[0] !== count || shape[1] !== count) {
    fail(
      "writeReport",
      `part "${label}" has counts ${describe(counts)} for ${count} classes; there is one for each pair, [${count}, ${count}].`,
      "mismatch",
    );
  }
  const at = (actual: number, predicted: number): number => data[actual * count + predicted]!;
  const share = (own: number, values: readonly number[]): string =>
    formatNumber(own / values.reduce((sum, value) => sum + value, 0));
  const found = classes.map((name, actual) => {
    const row = classes.map((_, predicted) => at(actual, predicted));
    return [name, ...row.map(formatNumber), share(at(actual, actual), row)];
  });
  const columns = classes.map((_, predicted) => classes.map((__, actual) => at(actual, predicted)));
  const precision = columns.map((column, own) => share(at(own, own), column));
  return {
    head: ["actual", ...classes, "recall"],
    rows: [...found, ["precision", ...precision, ""]],
  };
}
