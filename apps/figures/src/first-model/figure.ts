// The first model: a network learns the deflection of a beam while one looks.
import { formatNumber } from "@hooke/report";
import { slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { deflection, positions } from "./compute.ts";

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "first-model",
    controls: {
      units: slider("Neurons", { from: 1, to: 64, value: 32 }),
      learningRate: slider("Learning rate", { from: 0.001, to: 0.05, step: 0.001, value: 0.01 }),
    },
    draw({ epoch, loss, predicted }) {
      return [
        {
          kind: "curves",
          title: "Deflection of a clamped beam",
          caption: `After ${epoch} epochs the mean squared error is ${formatNumber(loss)}: ${formatNumber(Math.sqrt(loss))} is the typical miss of a deflection between 0 and 1.`,
          xLabel: "position / length",
          yLabel: "deflection / deflection of the end",
          x: positions,
          series: [
            { label: "beam", values: deflection },
            { label: "network", values: predicted },
          ],
        },
      ];
    },
  });
