// What is left of an overload at the end of a history: its place, the length and the forget gate are the reader's.
import { formatNumber } from "@hooke/report";
import { checkbox, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";

/** A logarithmic axis has no place for 0. */
const sizes = (slopes: readonly number[]): (number | null)[] => slopes.map((slope) => Math.abs(slope) || null);

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "memory",
    controls: {
      length: slider("Steps", { from: 10, to: 100, step: 10, value: 50 }),
      place: slider("Overload at", { from: 0, to: 100, step: 5, value: 20, write: (value) => `${value} %` }),
      forgetBias: slider("Forget bias", { from: -1, to: 5, step: 0.5, value: 0 }),
      trained: checkbox("Trained", false),
    },
    draw({ loads, at, slopes, gates, weights, said }) {
      const x = loads.map((_, step) => step + 1);
      const xLabel = "step";
      return [
        {
          kind: "curves",
          title: "Load history",
          caption: `The overload of step ${at + 1} is 1.8. At the end the LSTM says ${formatNumber(said.lstm)}, attention ${formatNumber(said.attention)}.`,
          xLabel,
          yLabel: "load",
          x,
          series: [{ label: "load", values: loads }],
        },
        {
          kind: "curves",
          title: "How the answer depends on each step",
          caption: `The slope with the overload is ${formatNumber(Math.abs(slopes.lstm[at]!))} in the LSTM and ${formatNumber(Math.abs(slopes.attention[at]!))} in attention.`,
          xLabel,
          yLabel: "size of the slope",
          x,
          series: [
            { label: "LSTM", values: sizes(slopes.lstm) },
            { label: "attention", values: sizes(slopes.attention) },
          ],
          logarithmic: true,
        },
        {
          kind: "curves",
          title: "Gates of the LSTM",
          caption: `Means over units: 0 is closed, 1 is open. At the overload the forget gate keeps ${formatNumber(gates.forget[at]!)} of the state.`,
          xLabel,
          yLabel: "how far it is open",
          x,
          series: [
            { label: "input", values: gates.input },
            { label: "forget", values: gates.forget },
            { label: "output", values: gates.output },
          ],
        },
        {
          kind: "curves",
          title: "What attention looks at",
          caption: `Weights sum to 1. The overload has ${formatNumber(weights[at]!)}, where all alike would have ${formatNumber(1 / loads.length)}.`,
          xLabel,
          yLabel: "weight in the answer",
          x,
          series: [{ label: "weight", values: weights }],
        },
      ];
    },
  });
