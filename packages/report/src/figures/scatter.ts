// Clouds of points: thinned to what an eye can see, and laid on the one ascending axis that the plotting library wants.
import { fail } from "@hooke/runtime";
import { drawPlot } from "../drawing/draw-plot.ts";
import { numbers, records, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { html } from "../html.ts";
import { extent, formatNumber, padded } from "../numbers.ts";
import { dataTable } from "../tables.ts";
import { type Plot, plotBody } from "./plot.ts";

/** Points of one colour. Rows where a value is not finite are left out. */
export interface Cloud {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Clouds of points. */
export interface Scatter extends FigureText {
  readonly xLabel: string;
  readonly yLabel: string;
  /** What is listed last is drawn on top. Four can be told apart. */
  readonly clouds: readonly Cloud[];
}

const maxPoints = 4000;
const maxTableRows = 100;

export const scatter: FigureKind<Scatter, Plot> = {
  options: {
    required: { xLabel: text, yLabel: text, clouds: records({ label: text, x: numbers, y: numbers }) },
  },
  plots: true,
  render({ title, xLabel, yLabel, clouds }, who) {
    const thinned = clouds.map((cloud) => thin(cloud, who));
    const plot = pointsPlot(thinned, { xLabel, yLabel });
    const rows = thinned.flatMap(({ label, x, y }) => x.map((value, i) => [label, value, y[i]!]));
    const step = Math.ceil(rows.length / maxTableRows);
    const shown = rows.filter((_, i) => i % step === 0);
    const share = step > 1 ? ` (one point in ${step})` : "";
    return {
      alternative: `${yLabel} against ${xLabel}: ${thinned.map(described).join("; ")}.`,
      note: thinningNote(clouds, thinned),
      body: plotBody(plot, title),
      below: html`<details><summary>The same as a table${share}</summary>${dataTable("points", ["points", xLabel, yLabel], shown)}</details>`,
      data: plot,
    };
  },
  draw: drawPlot,
};

/** Points that are drawn. */
export interface Points {
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/**
 * At most 4,000 finite points, evenly picked.
 *
 * @throws if there is not a y for every x
 */
export function thin({ label, x, y }: Cloud, who: string): Points {
  if (x.length !== y.length) {
    fail(who, `"${label}" has ${x.length} values of x and ${y.length} of y; they must match.`, "mismatch");
  }
  const finite = Array.from(x, (_, i) => i).filter((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]));
  const step = Math.max(1, finite.length / maxPoints);
  const rows = Array.from({ length: Math.min(finite.length, maxPoints) }, (_, i) => finite[Math.floor(i * step)]!);
  return { label, x: rows.map((i) => x[i]!), y: rows.map((i) => y[i]!) };
}

/** How many are drawn, where it is not all. */
export function thinningNote(clouds: readonly { readonly x: ArrayLike<number> }[], drawn: readonly Points[]): string {
  const count = (parts: readonly { readonly x: ArrayLike<number> }[]) =>
    parts.reduce((sum, { x }) => sum + x.length, 0);
  const [all, shown] = [count(clouds), count(drawn)];
  return shown < all ? `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} rows are drawn.` : "";
}

/** Every point takes a slot on the common axis that is a gap in the other series. */
export function pointsPlot(
  clouds: readonly Points[],
  look: Pick<Plot, "xLabel" | "yLabel" | "guide" | "xRange" | "yRange">,
): Plot {
  const points = clouds
    .flatMap(({ x, y }, cloud) => x.map((value, i) => ({ cloud, x: value, y: y[i]! })))
    .sort((a, b) => a.x - b.x);
  return {
    look: "points",
    logarithmic: false,
    x: points.map(({ x }) => x),
    series: clouds.map(({ label }, cloud) => ({ label, values: points.map((p) => (p.cloud === cloud ? p.y : null)) })),
    xRange: padded(points.map(({ x }) => x)),
    yRange: padded(points.map(({ y }) => y)),
    ...look,
  };
}

function described({ label, x, y }: Points): string {
  if (x.length === 0) return `${label}, no points`;
  const [[left, right], [low, high]] = [extent(x), extent(y)];
  const count = x.length === 1 ? "1 point" : `${x.length.toLocaleString("en")} points`;
  return `${label}, ${count}, from ${formatNumber(left)} to ${formatNumber(right)} and from ${formatNumber(low)} to ${formatNumber(high)}`;
}
