// From counts of actual and predicted classes to a table: what was taken for what, with recall and precision.
import { describe, fail, type HostArray, isHostArray } from "@hooke/runtime";
import { list, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { formatNumber } from "../numbers.ts";
import { type Cell, dataTable } from "../tables.ts";

/** Which classes were taken for which, on one part of the data. */
export interface ReportConfusion {
  /** e.g. `"test"`. */
  readonly label: string;
  /** The names of the classes, such as the `classes` of the model's preprocessing. */
  readonly classes: readonly string[];
  /** Rows by actual and by predicted class, `[classes, classes]`, such as `metrics.confusionMatrix` counts. */
  readonly counts: HostArray;
}

/** Which classes were taken for which. */
export type Confusion = FigureText & Omit<ReportConfusion, "label">;

export const confusion: FigureKind<Confusion> = {
  options: {
    required: {
      classes: list("names", text),
      counts: (value) => (isHostArray(value) ? undefined : "an array"),
    },
  },
  wide: true,
  render({ title, classes, counts }, who) {
    const { shape, data } = counts;
    const count = classes.length;
    if (shape.length !== 2 || shape[0] !== count || shape[1] !== count) {
      fail(
        who,
        `it has counts ${describe(counts)} for ${count} classes; there is one for each pair, [${count}, ${count}].`,
        "mismatch",
      );
    }
    const at = (actual: number, predicted: number): number => data[actual * count + predicted]!;
    const share = (own: number, values: readonly number[]): number => own / sum(values);
    const found = classes.map((name, actual): Cell[] => {
      const row = classes.map((_, predicted) => at(actual, predicted));
      return [name, ...row, share(at(actual, actual), row)];
    });
    const columns = classes.map((_, predicted) => classes.map((__, actual) => at(actual, predicted)));
    const precision = columns.map((column, own) => share(at(own, own), column));
    const right = sum(classes.map((_, own) => at(own, own)));
    return {
      alternative: `${formatNumber(right)} of ${formatNumber(sum(Array.from(data)))} rows are predicted right; the table lists which classes are taken for which.`,
      note:
        "Rows are actual classes, columns predicted ones; recall is the share of a class that was found, precision the " +
        "share of a prediction that is right.",
      body: dataTable(
        title,
        ["actual", ...classes, "recall"],
        [...found, ["precision", ...precision, ""]],
        ["points", ...classes.map(() => "end" as const), "points"],
      ),
    };
  },
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
