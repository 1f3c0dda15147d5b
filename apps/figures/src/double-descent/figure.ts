// Double descent: a slider for the width of a model, and what it does between the rows.
import { formatNumber } from "@hooke/report";
import { slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { line, widths } from "./compute.ts";

const gaps = (values: readonly number[]): (number | null)[] => widths.map((_, i) => values[i] ?? null);

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "double-descent",
    controls: {
      chosen: slider("Units", {
        from: 0,
        to: widths.length - 1,
        value: widths.indexOf(100),
        write: (index) => String(widths[index]),
      }),
      noise: slider("Noise of the targets", { from: 0, to: 1, step: 0.1, value: 0.3 }),
      logPenalty: slider("Ridge penalty", {
        from: -9,
        to: 0,
        value: -9,
        write: (value) => (value === -9 ? "none" : formatNumber(10 ** value)),
      }),
    },
    draw({ train, test, shown }, { chosen }) {
      const width = widths[chosen]!;
      const errors =
        test[chosen] === undefined
          ? ""
          : ` Its error is ${formatNumber(train[chosen]!)} on the rows it knows and ${formatNumber(test[chosen])} on new ones.`;
      return [
        {
          kind: "curves",
          title: "Errors by width",
          caption:
            "100 rows are known. Where as many units meet them, one way through all rows is left, and it is a wild one. Errors below 0.001 are drawn there.",
          xLabel: "units",
          yLabel: "root mean square of the error",
          x: widths,
          series: [
            { label: "new rows", values: gaps(test) },
            { label: "rows known", values: gaps(train.map((error) => Math.max(error, 1e-3))) },
          ],
          logarithmic: true,
        },
        {
          kind: "curves",
          title: `What ${width} units say along one input`,
          caption: `The other three inputs are 0.${errors}`,
          xLabel: "x₂",
          yLabel: "y",
          x: line,
          series: [
            { label: "truth", values: line.map((at) => 2 * Math.abs(at)) },
            { label: "model", values: shown },
          ],
        },
      ];
    },
  });
