// Vanishing gradients: how much of the gradient is left in early layers, by depth, activation and gain.
import { formatNumber } from "@hooke/report";
import { checkbox, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { activations } from "./compute.ts";

const names = { sigmoid: "sigmoid", tanh: "tanh", relu: "ReLU", gelu: "GELU" } as const;

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "vanishing-gradients",
    controls: {
      depth: slider("Layers", { from: 2, to: 40, value: 12 }),
      gain: slider("Gain of the weights", {
        from: 0.25,
        to: 3,
        step: 0.05,
        value: 1,
        write: (gain) => gain.toFixed(2),
      }),
      shortcuts: checkbox("Shortcuts", false),
    },
    draw(norms, { depth }) {
      const left = activations.map((name) => `${names[name]} ${formatNumber(norms[name][0]! / norms[name].at(-1)!)}`);
      return [
        {
          kind: "curves",
          title: "How much of the gradient reaches each layer",
          caption: `The first of ${depth} layers gets this part of what the last one gets: ${left.join(", ")}.`,
          xLabel: "layer",
          yLabel: "norm of the gradient",
          logarithmic: true,
          x: Array.from({ length: depth }, (_, i) => i + 1),
          // A logarithmic axis has no place for 0, which dead units may leave.
          series: activations.map((name) => ({
            label: names[name],
            values: norms[name].map((value) => (value > 0 ? value : null)),
          })),
        },
      ];
    },
  });
