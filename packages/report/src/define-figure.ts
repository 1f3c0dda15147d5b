// Kinds of figures from outside this package.
import { type Check, checkArgument, checkOptions, checks } from "@hooke/runtime";
import { record } from "./expected.ts";
import type { CustomFigure, FigureKind, FigureText } from "./figure.ts";

const method: Check = (value) => (typeof value === "function" ? undefined : "a function");

/**
 * Makes a kind of figures. What it returns makes figures that go among a report's `figures`.
 *
 * @example
 * ```ts
 * import { defineFigure, type FigureText, html, renderReport } from "@hooke/report";
 * import { checks } from "@hooke/runtime";
 *
 * interface Verdict extends FigureText {
 *   readonly passed: boolean;
 * }
 * const verdict = defineFigure<Verdict>({
 *   options: { required: { passed: checks.flag } },
 *   render: ({ passed }) => {
 *     const word = passed ? "passed" : "failed";
 *     return { alternative: word, body: html`<p>${word}</p>` };
 *   },
 * });
 * const page = await renderReport({
 *   title: "Fatigue test",
 *   figures: [verdict({ title: "Verdict", caption: "After a million cycles.", passed: true })],
 * });
 * console.log(page.includes("<p>passed</p>")); // true
 * ```
 */
export function defineFigure<Options extends FigureText, Data = unknown>(
  kind: FigureKind<Options, Data>,
): (options: Options) => CustomFigure {
  checkOptions<FigureKind<Options, Data>>("defineFigure", kind, {
    required: { options: record, render: method },
    optional: { wide: checks.flag, plots: checks.flag, draw: method },
  });
  return (options) => {
    checkArgument("figure", "what it shows", options, record);
    return { ...options, kind: kind as FigureKind<FigureText> };
  };
}
