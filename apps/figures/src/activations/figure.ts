// Activations: choose one, and see its slope and its curvature.
import { formatNumber } from "@hooke/report";
import { choice } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { type Elementwise, points } from "./compute.ts";

/** A name for each: an activation that the library has and this lacks would not compile. */
const names: Readonly<Record<Elementwise, string>> = {
  sigmoid: "sigmoid",
  tanh: "tanh",
  relu: "ReLU",
  leakyRelu: "leaky ReLU",
  elu: "ELU",
  selu: "SELU",
  gelu: "GELU",
  silu: "SiLU (Swish)",
  mish: "Mish",
  softplus: "softplus",
  hardSigmoid: "hard sigmoid",
  hardSwish: "hard Swish",
  sin: "sine",
  exp: "exponential",
};

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "activations",
    controls: { activation: choice("Activation", names, "sigmoid") },
    draw({ value, first, second }, { activation }) {
      const steepest = formatNumber(Math.max(...first.map(Math.abs)));
      return [
        {
          kind: "curves",
          title: names[activation],
          caption: `Between −4 and 4 the slope is at most ${steepest}: what a gradient is multiplied by on its way back through one layer.`,
          xLabel: "z",
          yLabel: "σ(z) and its derivatives",
          x: points,
          series: [
            { label: "σ", values: value },
            { label: "σ′", values: first },
            { label: "σ″", values: second },
          ],
        },
      ];
    },
  });
