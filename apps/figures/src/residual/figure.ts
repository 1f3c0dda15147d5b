// Plain and residual networks side by side: a slider for their depth.
import { formatNumber } from "@hooke/report";
import { slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { epochs } from "./compute.ts";

/** As far as they are known. A logarithmic axis has no place for 0. */
const filled = (losses: readonly number[]): (number | null)[] =>
  Array.from({ length: epochs }, (_, epoch) => losses[epoch] || null);

const last = (losses: readonly number[]): string => (losses.length === 0 ? "unknown" : formatNumber(losses.at(-1)!));

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "residual",
    controls: {
      depth: slider("Hidden layers", { from: 2, to: 40, step: 2, value: 30 }),
      logRate: slider("Learning rate", {
        from: -4,
        to: -2,
        step: 0.5,
        value: -3,
        write: (value) => formatNumber(10 ** value),
      }),
      seed: slider("Data and start (seed)", { from: 0, to: 9, value: 0 }),
    },
    draw({ plain, residual }, { depth }) {
      return [
        {
          kind: "curves",
          title: `Losses of networks of ${depth} hidden layers`,
          caption: `Guessing the mean has 1. After ${4 * Math.min(plain.length, residual.length)} updates the plain network has ${last(plain)}, the residual one ${last(residual)}.`,
          xLabel: "updates",
          yLabel: "training loss (of guessing the mean)",
          x: Array.from({ length: epochs }, (_, epoch) => 4 * (epoch + 1)),
          series: [
            { label: "plain", values: filled(plain) },
            { label: "residual", values: filled(residual) },
          ],
          logarithmic: true,
        },
      ];
    },
  });
