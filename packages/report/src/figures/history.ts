// A history with a colour behind each step, such as what the step adds to a prediction.
import { fail } from "@hooke/runtime";
import { drawMap } from "../drawing/draw-map.ts";
import { numbers, range, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { type Html, html } from "../html.ts";
import { type ColorScale, colorAt, colorScale, paletteCheck } from "../maps/color-scale.ts";
import { encodeValues, type MapData, mapBody } from "../maps/map-body.ts";
import type { PaletteName } from "../maps/palettes.ts";
import { extent, formatNumber, padded, type Range } from "../numbers.ts";
import { clampNote } from "./field-map.ts";

/** A curve over steps, each of which has a colour. */
export interface HistoryFigure extends FigureText {
  /** With its unit, e.g. `"time (h)"`. */
  readonly xLabel: string;
  /** With its unit, e.g. `"load (kN)"`. */
  readonly yLabel: string;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  /** A value for each `x`; NaN is a gap. */
  readonly y: ArrayLike<number>;
  /** What the colours mean, with its unit, e.g. `"share of the life (h)"`. */
  readonly quantity: string;
  /** A value for each `x`, shown as the colour behind it; NaN is left blank. */
  readonly shares: ArrayLike<number>;
  /** The values at the ends of the colour bar; values beyond have the colours of its ends. Default: their extent. */
  readonly range?: readonly [low: number, high: number];
  /** As a field's: default diverging, blue below 0 and brown above, where the range has values of both signs. */
  readonly colors?: PaletteName;
}

const aspect = 2;

export const history: FigureKind<HistoryFigure, MapData> = {
  options: {
    required: { xLabel: text, yLabel: text, x: numbers, y: numbers, quantity: text, shares: numbers },
    optional: { range, colors: paletteCheck },
  },
  render(figure, who) {
    const { title, xLabel, yLabel, quantity } = figure;
    const [x, y, shares] = [figure.x, figure.y, figure.shares].map((values) => Array.from(values)) as [
      number[],
      number[],
      number[],
    ];
    check(x, y, shares, who);
    const edges = edgesOf(x);
    const [xRange, yRange] = [[edges[0]!, edges.at(-1)!] as const, padded(y)];
    const found = extent(shares);
    const scale = colorScale(found, figure.range, figure.colors);
    const largest = shares.reduce((best, share, i) => (Math.abs(share) > Math.abs(shares[best]!) ? i : best), 0);
    return {
      alternative: `${yLabel} over ${xLabel}, ${x.length} steps. Behind them ${quantity}, from ${formatNumber(found[0])} to ${formatNumber(found[1])}; the largest is ${formatNumber(shares[largest]!)} at ${formatNumber(x[largest]!)}.`,
      note: [...scale.notes, ...clampNote(found, figure.range)].join(" "),
      body: mapBody({
        title,
        aspect,
        content: html`${strips(edges, shares, scale)}${trace(x, y, xRange, yRange)}`,
        axes: [
          { label: xLabel, range: xRange },
          { label: yLabel, range: yRange },
        ],
        bar: { label: quantity, scale },
      }),
      data: { labels: [xLabel, yLabel, quantity], x, y, grid: false, values: encodeValues(shares), xRange, yRange },
    };
  },
  draw: drawMap,
};

/** @throws if there is not a value and a share for each step, or steps do not ascend */
function check(x: readonly number[], y: readonly number[], shares: readonly number[], who: string): void {
  if (x.length === 0 || y.length !== x.length || shares.length !== x.length) {
    const counts = `${x.length} values of x, ${y.length} of y and ${shares.length} shares`;
    fail(who, `it has ${counts}; there is one of each for every step.`, "mismatch");
  }
  const turn = x.findIndex((value, i) => !Number.isFinite(value) || (i > 0 && value <= x[i - 1]!));
  if (turn >= 0) fail(who, `x[${turn}] is ${x[turn]}; x is finite and ascends.`, "invalid-data");
}

/** Half way between steps; the first and the last step reach as far to both sides. */
function edgesOf(x: readonly number[]): number[] {
  const between = x.slice(1).map((at, i) => (at + x[i]!) / 2);
  const [first, last] = [x[0]!, x.at(-1)!];
  const [left, right] = [between[0] ?? first + 0.5, between.at(-1) ?? last - 0.5];
  return [2 * first - left, ...between, 2 * last - right];
}

const place = (value: number, [low, high]: Range): number =>
  Number(((100 * (value - low)) / (high - low || 1)).toFixed(2));

function strips(edges: readonly number[], shares: readonly number[], scale: ColorScale): Html {
  const whole = [edges[0]!, edges.at(-1)!] as const;
  const drawn = shares.map((share, i) => {
    if (!Number.isFinite(share)) return undefined;
    const [left, right] = [place(edges[i]!, whole), place(edges[i + 1]!, whole)];
    return html`<rect x="${left}" y="0" width="${Number((right - left).toFixed(2))}" height="100" fill="${colorAt(scale.palette, scale.index(share))}"/>`;
  });
  return html`<svg class="strips" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${drawn}</svg>`;
}

function trace(x: readonly number[], y: readonly number[], xRange: Range, yRange: Range): Html {
  const d = x
    .map((at, i) => {
      if (!Number.isFinite(y[i])) return "";
      const begins = i === 0 || !Number.isFinite(y[i - 1]);
      return `${begins ? "M" : "L"}${place(at, xRange)} ${Number((100 - place(y[i]!, yRange)).toFixed(2))}`;
    })
    .join("");
  return html`<svg class="trace" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><path class="halo" d="${d}"/><path d="${d}"/></svg>`;
}
