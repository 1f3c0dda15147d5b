// What the plotting library draws: curves and clouds of points over one ascending axis, as plain data and as HTML.
import { type Html, html } from "../html.ts";

/** One plot. All series share `x`, which ascends; `null` is a gap. Plain JSON. */
export interface Plot {
  readonly look: "lines" | "points";
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logarithmic: boolean;
  readonly x: readonly number[];
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** A guide line: y = x, or zero. */
  readonly guide?: "identity" | "zero";
  /** Fixed ranges; the plotting library chooses where there are none. */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
}

/** A place for the plot, with a button for each series. */
export function plotBody({ look, series }: Plot, title: string): Html {
  const legend = series.map(({ label }, index) => {
    const shape = look === "points" ? " dot" : index % 2 === 1 ? " dashed" : "";
    return html`<button type="button" aria-pressed="true"><span class="swatch${shape}" style="--swatch: var(--series-${(index % 4) + 1})"></span>${label}</button>`;
  });
  return html`<div class="legend" role="group" aria-label="Series shown">${legend}</div>
<div class="plot" tabindex="0" role="group" aria-roledescription="chart" aria-label="${title}: left and right arrow keys read the values"></div>
<p class="readout" aria-live="polite"></p>`;
}
