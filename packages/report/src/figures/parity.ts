// Predicted against actual values, and what is left over.
import { fail } from "@hooke/runtime";
import { drawPlot } from "../drawing/draw-plot.ts";
import { numbers, records, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { type Html, html } from "../html.ts";
import { formatNumber, padded } from "../numbers.ts";
import { dataTable } from "../tables.ts";
import { type Plot, plotBody } from "./plot.ts";
import { pointsPlot, thin, thinningNote } from "./scatter.ts";

/** Measured and predicted values of one part of the data, in its units. */
export interface ReportParity {
  /** e.g. `"test"`. */
  readonly label: string;
  readonly actual: ArrayLike<number>;
  readonly predicted: ArrayLike<number>;
}

/** Predicted and actual values of the parts of the data. */
export interface Parity extends FigureText {
  /** The part listed last is drawn on top. */
  readonly parts: readonly ReportParity[];
  /** What is predicted, with its unit, e.g. `"compressive strength (MPa)"`. */
  readonly quantity: string;
}

const maxResiduals = 10;

const options: FigureKind<Parity>["options"] = {
  required: { parts: records({ label: text, actual: numbers, predicted: numbers }), quantity: text },
};

/** Points on a dashed diagonal are exact. */
export const parity: FigureKind<Parity, Plot> = {
  options,
  plots: true,
  render({ title, parts, quantity }, who) {
    const clouds = parts
      .map((part) => checked(part, who))
      .map(({ label, actual: x, predicted: y }) => ({ label, x, y }));
    const thinned = clouds.map((cloud) => thin(cloud, who));
    // One range for both axes makes the identity a diagonal.
    const range = padded(thinned.flatMap(({ x, y }) => [...x, ...y]));
    const plot = pointsPlot(thinned, {
      xLabel: `actual ${quantity}`,
      yLabel: `predicted ${quantity}`,
      guide: "identity",
      xRange: range,
      yRange: range,
    });
    return {
      alternative: `Predicted against actual ${quantity}. ${parts.map(errors).join(" ")}`,
      note: thinningNote(clouds, thinned),
      body: plotBody(plot, title),
      data: plot,
    };
  },
  draw: drawPlot,
};

/** Predicted minus actual values over the predicted ones. */
export const residuals: FigureKind<Parity, Plot> = {
  options,
  plots: true,
  render({ title, parts, quantity }, who) {
    const clouds = parts.map((part) => {
      const { label, actual, predicted } = checked(part, who);
      return { label, x: predicted, y: Array.from(actual, (value, i) => predicted[i]! - value) };
    });
    const thinned = clouds.map((cloud) => thin(cloud, who));
    const plot = pointsPlot(thinned, {
      xLabel: `predicted ${quantity}`,
      yLabel: "residual",
      guide: "zero",
      yRange: padded([0, ...thinned.flatMap(({ y }) => y)]),
    });
    return {
      alternative: `Residuals of ${quantity}. ${parts.map(errors).join(" ")}`,
      note: thinningNote(clouds, thinned),
      body: plotBody(plot, title),
      below: largestResiduals(parts, quantity),
      data: plot,
    };
  },
  draw: drawPlot,
};

function checked(part: ReportParity, who: string): ReportParity {
  const { label, actual, predicted } = part;
  if (actual.length !== predicted.length) {
    fail(
      who,
      `part "${label}" has ${actual.length} actual and ${predicted.length} predicted values; they must match.`,
      "mismatch",
    );
  }
  return part;
}

function errors({ label, actual, predicted }: ReportParity): string {
  const squares = Array.from(actual, (value, i) => (predicted[i]! - value) ** 2).filter(Number.isFinite);
  const rms = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length);
  const rows = squares.length === 1 ? "1 row" : `${squares.length.toLocaleString("en")} rows`;
  return `${label}: ${rows}, root mean square of the residuals ${formatNumber(rms)}.`;
}

/** The rows the model is most wrong about, across all parts. */
function largestResiduals(parts: readonly ReportParity[], quantity: string): Html {
  const worst = parts
    .flatMap(({ label, actual, predicted }) =>
      Array.from(actual, (value, row) => [label, value, predicted[row]!, predicted[row]! - value] as const),
    )
    .sort((a, b) => size(b[3]) - size(a[3]))
    .slice(0, maxResiduals);
  const table = dataTable("largest residuals", ["part", `actual ${quantity}`, "predicted", "residual"], worst);
  return html`<details><summary>The ${worst.length} largest residuals</summary>${table}</details>`;
}

/** What is not a number is worse than any. */
const size = (residual: number): number => (Number.isNaN(residual) ? Number.MAX_VALUE : Math.abs(residual));
