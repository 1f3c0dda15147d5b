// Approximation: choose a curve and a network, and see how near training brings one to the other.
import { formatNumber } from "@hooke/report";
import { choice, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { places, targets } from "./compute.ts";

const curves = { zigzag: "a zigzag", wave: "a wave", step: "a step" } as const;

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "approximation",
    controls: {
      target: choice("Curve", curves, "zigzag"),
      activation: choice("Activation", { relu: "ReLU", tanh: "tanh" }, "relu"),
      width: slider("Units of a layer", { from: 2, to: 64, step: 2, value: 8 }),
      depth: slider("Hidden layers", { from: 1, to: 4, value: 1 }),
      seed: slider("Start (seed)", { from: 0, to: 9, value: 2 }),
    },
    draw({ values, error, step, parameters }, { target, width, depth }) {
      const right = places.map(targets[target]);
      const off = (i: number): number => Math.abs(values[i]! - right[i]!);
      const worst = places.reduce((largest, _, i) => (off(i) > off(largest) ? i : largest), 0);
      return [
        {
          kind: "curves",
          title: `${curves[target][0]!.toUpperCase()}${curves[target].slice(1)}, by ${depth === 1 ? "a layer" : `${depth} layers`} of ${width}`,
          caption: `${parameters} parameters. After ${step} steps the error is ${formatNumber(error)} (root mean square), at most ${formatNumber(off(worst))} at x = ${formatNumber(places[worst]!)}.`,
          xLabel: "x",
          yLabel: "y",
          x: places,
          series: [
            { label: "curve", values: right },
            { label: "network", values },
          ],
        },
      ];
    },
  });
