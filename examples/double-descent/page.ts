// What is told of the study: tables by width, and the report.
import { type Curves, formatNumber, type Report } from "@hooke/report";
import type { Found, Row, Settings } from "./study.ts";

/** Lines of a table: width, errors on rows known and new. */
export function tableRows(rows: readonly Row[]): string[] {
  return [
    "width      train       test   (range over seeds)",
    ...rows.map(
      ({ width, train, test, range }) =>
        `${String(width).padStart(5)} ${formatNumber(train).padStart(10)} ${formatNumber(test).padStart(10)}   (${range.map(formatNumber).join(" to ")})`,
    ),
  ];
}

const curves = (
  title: string,
  caption: string,
  rows: readonly Row[],
  more: readonly { label: string; rows: readonly Row[] }[],
): Curves & {
  readonly kind: "curves";
} => ({
  kind: "curves",
  title,
  caption,
  xLabel: "units in the hidden layer",
  yLabel: "root mean square of the error",
  x: rows.map(({ width }) => width),
  series: [
    { label: "new inputs", values: rows.map(({ test }) => test) },
    ...more.map(({ label, rows: others }) => ({ label, values: others.map(({ test }) => test) })),
    { label: "rows known", values: rows.map(({ train }) => Math.max(train, 1e-4)) },
  ],
  logarithmic: true,
});

export function doubleDescentReport(found: readonly Found[], settings: Settings): Report {
  return {
    title: "Double descent",
    figures: found.flatMap(({ noise, features, penalized, networks }) => [
      curves(
        `Random features, noise ${noise}`,
        `Medians over ${settings.featureSeeds} draws. There are ${settings.trainRows} rows: where as many units meet them, one way through all of them is left. Errors below 1e-4 are drawn there.`,
        features,
        [{ label: `with a penalty of ${settings.penalty}`, rows: penalized }],
      ),
      curves(
        `Networks that are trained, noise ${noise}`,
        `Medians over ${settings.networkSeeds} trainings of ${settings.updates} updates. A width of w has 6 w + 1 parameters: as many as rows between 16 and 17.`,
        networks,
        [],
      ),
    ]),
    details: [
      {
        title: "How",
        rows: [
          { label: "truth", value: "2 x0 x1 + 2 |x2| - x3 of four standard normal inputs" },
          { label: "rows", value: `${settings.trainRows} known, ${settings.testRows} new, without noise` },
          { label: "features", value: "relu of drawn directions and offsets; least squares of least norm, in f64" },
          { label: "networks", value: `one hidden layer, relu, Adam from ${settings.learningRate} by a cosine to 0` },
        ],
      },
    ],
  };
}
