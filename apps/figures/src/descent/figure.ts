// Descent: choose a surface, an optimizer and its rate, and see the way it takes.
import { formatNumber } from "@hooke/report";
import { array } from "@hooke/runtime";
import { choice, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";

const surfaces = { bowl: "a long bowl", valley: "a bent valley (Rosenbrock)", saddle: "a saddle" } as const;
const optimizers = { plain: "Gradient descent", momentum: "Momentum of 0.9", adam: "Adam" } as const;

/** Heights by their logarithm, so that the floor of a valley is seen. */
const drawnHeight = (height: number): number => Math.log10(height + 1e-3);

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "descent",
    controls: {
      surface: choice("Surface", surfaces, "bowl"),
      optimizer: choice("Optimizer", optimizers, "plain"),
      logRate: slider("Learning rate", {
        from: -3,
        to: 0,
        step: 0.05,
        value: -1.5,
        write: (value) => formatNumber(10 ** value),
      }),
    },
    draw({ x, y, height, map, mapX, mapY }, { surface, optimizer, logRate }) {
      const last = height.at(-1)!;
      const gone = height.findIndex((value) => !(value < 1e6));
      const end =
        gone >= 0
          ? `It leaves: after ${gone} steps it stands above a million.`
          : `After ${x.length - 1} steps it stands ${formatNumber(last)} above the least.`;
      const rate = formatNumber(10 ** logRate);
      return [
        {
          kind: "fieldMap",
          title: `${optimizers[optimizer]} on ${surfaces[surface]}`,
          caption: `Rate ${rate}. ${end}`,
          quantity: "logarithm of the loss",
          values: array(
            Array.from(mapY, (_, row) => mapX.map((_, column) => drawnHeight(map[row * mapX.length + column]!))),
          ),
          x: mapX,
          y: mapY,
          xLabel: "first parameter",
          yLabel: "second parameter",
          colors: "sequential",
          contours: true,
          way: { x, y },
        },
        {
          kind: "curves",
          title: "The loss, step by step",
          caption: "A straight line is a constant factor per step.",
          xLabel: "step",
          yLabel: "loss",
          x: height.map((_, step) => step),
          series: [{ label: "loss", values: height.map((value) => (value > 0 && value < 1e6 ? value : null)) }],
          logarithmic: true,
        },
      ];
    },
  });
