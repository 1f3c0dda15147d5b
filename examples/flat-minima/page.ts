// What is told of the study: a table by rate and batch size, and the report.
import { formatNumber, type Report } from "@hooke/report";
import { type End, type Found, median, type Settings } from "./study.ts";

const spread = (ends: readonly End[], of: (end: End) => number, digits: number): string => {
  const values = ends.map(of);
  const range = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return `${median(values).toFixed(digits)} (${range.join(" to ")})`;
};

/** Lines of a table: medians and ranges over seeds. */
export function tableRows(found: readonly Found[]): string[] {
  const line = (cells: readonly string[]): string => cells.map((cell, i) => cell.padStart(i < 2 ? 6 : 24)).join("");
  return [
    line(["rate", "batch", "largest eigenvalue", "error, rows known", "error, new rows"]),
    ...found.map(({ rate, batch, ends }) =>
      line([
        String(rate),
        String(batch),
        spread(ends, ({ sharpness }) => sharpness, 1),
        spread(ends, ({ train }) => train, 2),
        spread(ends, ({ test }) => test, 2),
      ]),
    ),
  ];
}

export function flatMinimaReport(found: readonly Found[], settings: Settings): Report {
  const { rates, batches, seeds, updates, trainRows, testRows, noise, width } = settings;
  const curves = (of: (end: End) => number) =>
    rates.map((rate) => ({
      label: `rate ${rate}`,
      values: found.filter((each) => each.rate === rate).map(({ ends }) => median(ends.map(of))),
    }));
  return {
    title: "Flat and sharp minima",
    figures: [
      {
        kind: "curves",
        title: "Sharpness by batch size",
        caption: `Medians over ${seeds} seeds. With all rows in a batch training ends where the largest eigenvalue is at most 2 over the rate: ${rates.map((rate) => formatNumber(2 / rate)).join(", ")}.`,
        xLabel: "rows of a batch",
        yLabel: "largest eigenvalue of the Hessian",
        x: batches,
        series: curves(({ sharpness }) => sharpness),
      },
      {
        kind: "curves",
        title: "Error on new rows by batch size",
        caption: `Medians over ${seeds} seeds, without noise.`,
        xLabel: "rows of a batch",
        yLabel: "root mean square of the error",
        x: batches,
        series: curves(({ test }) => test),
      },
    ],
    details: [
      {
        title: "How",
        rows: [
          { label: "truth", value: "2 x0 x1 + 2 |x2| - x3 of four standard normal inputs" },
          { label: "rows", value: `${trainRows} known with noise of ${noise}, ${testRows} new, without` },
          { label: "network", value: `one hidden layer of ${width} units, tanh` },
          { label: "training", value: `${updates} updates of plain gradient descent at a constant rate` },
          { label: "sharpness", value: "of the mean squared error on all rows known, by the power method" },
        ],
      },
    ],
  };
}
