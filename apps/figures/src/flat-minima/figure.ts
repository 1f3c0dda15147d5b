// Flat and sharp minima: choose a batch and a rate, and see how steep the place is that training comes to.
import { formatNumber } from "@hooke/report";
import { choice, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { steps, type Training } from "./compute.ts";

const batches = { 4: "4 rows", 10: "10 rows", 25: "25 rows", 100: "all 100 rows" } as const;

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "flat-minima",
    controls: {
      batch: choice<Training["batch"]>("Rows of an update", batches, "100"),
      rate: slider("Learning rate", { from: 0.02, to: 0.1, step: 0.01, value: 0.05 }),
      seed: slider("Data and start (seed)", { from: 0, to: 9, value: 0 }),
    },
    draw({ updates, sharpness, known, unseen }, { batch, rate }) {
      const last = sharpness.at(-1);
      const middle = (steps.length - 1) / 2;
      const bound = 2 / rate;
      return [
        {
          kind: "curves",
          title: `How sharp, by ${batches[batch]} an update`,
          caption:
            last === undefined
              ? "Training begins."
              : `After ${updates.at(-1)} updates the loss curves by ${formatNumber(last)} along its steepest direction. Above 2 over the rate, ${formatNumber(bound)}, steps with all rows would grow.`,
          xLabel: "updates",
          yLabel: "largest eigenvalue",
          x: updates,
          series: [
            { label: "sharpness", values: sharpness },
            { label: "2 over the rate", values: updates.map(() => bound) },
          ],
        },
        {
          kind: "curves",
          title: "The loss along the steepest direction",
          caption:
            known.length === 0
              ? "Not known yet."
              : `At 0, where training is, the error is ${formatNumber(Math.sqrt(known[middle]!))} on the rows known and ${formatNumber(Math.sqrt(unseen[middle]!))} on new ones (root mean squares).`,
          xLabel: "distance, in units of the parameters",
          yLabel: "mean squared error",
          x: known.length === 0 ? [] : steps,
          series: [
            { label: "rows known", values: known },
            { label: "new rows", values: unseen },
          ],
        },
      ];
    },
  });
