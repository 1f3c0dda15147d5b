// How far a unit sees: layers and pooling, and the points of a micrograph that reach it.
import { array } from "@hooke/runtime";
import { checkbox, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { size } from "./compute.ts";

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "receptive-field",
    controls: {
      layers: slider("Layers of 3 x 3", { from: 1, to: 6, value: 4 }),
      pooling: checkbox("Pooling after every second", true),
      seed: slider("Micrograph and start (seed)", { from: 0, to: 9, value: 0 }),
    },
    draw({ phases, pull, bound: [low, high], used }, { layers, pooling }) {
      const middle = Math.floor((low + high) / 2);
      const row = pull.slice(middle * size, (middle + 1) * size);
      const field = high - low + 1;
      return [
        {
          kind: "picture",
          title: `What reaches a unit of layer ${layers}${pooling ? ", with pooling" : ""}`,
          caption: `${field} x ${field} of ${size} x ${size} points can reach the unit. Nine tenths of what moves it, in squares, come from ${used} x ${used} of them. Over eight networks as they start.`,
          width: size,
          height: size,
          pixels: Uint8Array.from(phases, (phase) => (phase === 1 ? 210 : 70)),
          overlay: {
            quantity: "pull on the unit (of the largest)",
            values: array(pull, { shape: [size, size] }),
            range: [0, 1],
            colors: "sequential",
            opacity: 0.7,
          },
        },
        {
          kind: "curves",
          title: "Along the middle row",
          caption: "The bound is a box, what is used of it a bell.",
          xLabel: "column (points)",
          yLabel: "pull on the unit (of the largest)",
          x: row.map((_, column) => column),
          series: [
            { label: "bound", values: row.map((_, column) => (column >= low && column <= high ? 1 : 0)) },
            { label: "used", values: row },
          ],
        },
      ];
    },
  });
