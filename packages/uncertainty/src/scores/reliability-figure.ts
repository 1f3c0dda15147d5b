// The reliability plot: shares within bounds against what is asked, for reports.
import { type Check, checkOptions } from "@hooke/runtime";
import type { CalibrationCurve } from "./calibration.ts";

/** Curves as `@hooke/report` shows them: plain data, so that this package need not know that one. */
export interface ReliabilityFigure {
  readonly kind: "curves";
  readonly title: string;
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: readonly number[];
  readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** Options of {@link reliabilityFigure}. */
export interface ReliabilityOptions {
  readonly title: string;
  /** Of which rows, and what is to be seen. */
  readonly caption: string;
  /** By method; three can be told apart beside the line that is right. */
  readonly curves: Readonly<Record<string, CalibrationCurve>>;
}

const text: Check = (value) => (typeof value === "string" ? undefined : "a text");
const curves: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.values(value).every((curve) => Array.isArray(curve?.levels) && curve.shares?.length === curve.levels.length)
    ? undefined
    : "curves by method, such as { dropout: calibrationCurve(mixture, targets) }";

/**
 * A reliability plot for the `figures` of `@hooke/report`: of each method the share of targets within its bounds, over their level. Below the line of what is right
 * a method is too sure.
 *
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { calibrationCurve, mixtureOf, reliabilityFigure } from "@hooke/uncertainty";
 *
 * const dropout = calibrationCurve(mixtureOf(array([[0, 1]]), { noise: 1 }), array([0.5, 1.5]));
 * const figure = reliabilityFigure({ title: "Reliability", caption: "Two rows held out.", curves: { dropout } });
 * console.log(figure.series.map(({ label }) => label)); // [ 'right', 'dropout' ]
 * ```
 */
export function reliabilityFigure(options: ReliabilityOptions): ReliabilityFigure {
  checkOptions<ReliabilityOptions>("reliabilityFigure", options, { required: { title: text, caption: text, curves } });
  const { title, caption, curves: given } = options;
  const [{ levels: x }] = Object.values(given) as [CalibrationCurve];
  return {
    kind: "curves",
    title,
    caption,
    xLabel: "level of the bounds",
    yLabel: "share of targets within",
    x,
    series: [
      { label: "right", values: x },
      ...Object.entries(given).map(([label, { shares }]) => ({ label, values: shares })),
    ],
  };
}
