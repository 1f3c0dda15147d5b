// Overfitting: what rows, dropout, weight decay and an early end do to the two losses.
import { formatNumber } from "@hooke/report";
import { checkbox, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { epochs } from "./compute.ts";

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "overfitting",
    controls: {
      rows: slider("Training rows", { from: 50, to: 2000, step: 50, value: 200 }),
      dropout: slider("Dropout", { from: 0, to: 0.5, step: 0.1, value: 0 }),
      decay: slider("Weight decay", { from: 0, to: 2, step: 0.25, value: 0 }),
      stopping: checkbox("Early stopping", false),
      seed: slider("Data and start (seed)", { from: 0, to: 9, value: 0 }),
    },
    draw({ training, validation, error }, { rows }) {
      const least = Math.min(...validation);
      const best = validation.indexOf(least);
      const last = validation.length - 1;
      const kept =
        error === undefined
          ? ""
          : ` What is kept is off by ${formatNumber(error)} (root mean square) on new rows without noise.`;
      return [
        {
          kind: "curves",
          title: `Losses of a network on ${rows} noisy rows`,
          caption: `Validation is least after epoch ${best + 1}, ${formatNumber(least)}; after epoch ${last + 1} it is ${formatNumber(validation[last]!)}, and training ${formatNumber(training[last]!)}. Noise alone is 1: less than that in training was learnt by heart.${kept}`,
          xLabel: "epoch",
          yLabel: "mean square of the error",
          x: Array.from({ length: epochs }, (_, epoch) => epoch + 1),
          series: [
            { label: "training", values: filled(training) },
            { label: "validation", values: filled(validation) },
          ],
          logarithmic: true,
        },
      ];
    },
  });

/** To the last epoch, whether or not the training goes on to it. */
const filled = (losses: readonly number[]): (number | null)[] =>
  Array.from({ length: epochs }, (_, epoch) => losses[epoch] ?? null);
