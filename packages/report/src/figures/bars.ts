// Bars with errors, such as importances: a table whose second column draws what the third says. It needs no script.
import { fail } from "@hooke/runtime";
import { numbers, records, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { type Html, html } from "../html.ts";
import { extent, formatNumber } from "../numbers.ts";

/** A bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** Half the length of its error bar, in the units of the value. Default: it has none. */
  readonly error?: number;
}

/** Bars from zero, in the order given. */
export interface Bars extends FigureText {
  /** What is shown, with its unit, e.g. `"rise of the RMSE (MPa)"`. */
  readonly quantity: string;
  readonly bars: readonly Bar[];
}

export const bars: FigureKind<Bars> = {
  options: {
    required: {
      quantity: text,
      bars: records({
        label: text,
        value: (value) => numbers([value]),
        error: (value) => (value === undefined ? undefined : numbers([value])),
      }),
    },
  },
  render({ quantity, bars: shown }, who) {
    for (const { label, value, error = 0 } of shown) {
      if (!Number.isFinite(value) || !(error >= 0 && error < Infinity)) {
        fail(
          who,
          `bar "${label}" has value ${value} and error ${error}; they are finite, and an error is not negative.`,
          "invalid-data",
        );
      }
    }
    const [low, high] = extent([0, ...shown.flatMap(({ value, error = 0 }) => [value - error, value + error])]);
    const at = (value: number): number => Number(((100 * (value - low)) / (high - low || 1)).toFixed(3));
    const rows = shown.map(
      (bar) =>
        html`<tr><th scope="row">${bar.label}</th><td class="bar" aria-hidden="true">${drawn(bar, at)}</td><td class="number">${formatNumber(bar.value)}${bar.error === undefined ? "" : ` ± ${formatNumber(bar.error)}`}</td></tr>`,
    );
    const largest = shown.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
    return {
      alternative: `${shown.length} bars of ${quantity}${largest ? `; the longest is ${largest.label}, ${formatNumber(largest.value)}` : ""}.`,
      body: html`<table class="bars"><thead><tr><td></td><td></td><th scope="col" class="number">${quantity}</th></tr></thead><tbody>${rows}</tbody></table>`,
    };
  },
};

/** From zero to the value; the error bar lies on it, light where it covers the bar. */
function drawn({ value, error }: Bar, at: (value: number) => number): Html {
  const [from, to] = value < 0 ? [at(value), at(0)] : [at(0), at(value)];
  const whisker =
    error === undefined
      ? undefined
      : html`<path class="halo" d="M${at(value - error)} 5H${at(value + error)}M${at(value - error)} 2.5v5M${at(value + error)} 2.5v5"/><path class="whisker" d="M${at(value - error)} 5H${at(value + error)}M${at(value - error)} 2.5v5M${at(value + error)} 2.5v5"/>`;
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none"><rect x="${from}" y="1.5" width="${Number((to - from).toFixed(3))}" height="7"/><path class="zero" d="M${at(0)} 0v10"/>${whisker}</svg>`;
}
