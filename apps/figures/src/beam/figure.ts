// A beam that is solved while one looks: choose its load and the minimizer.
import { formatNumber } from "@hooke/report";
import { choice, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";
import { loads, places } from "./compute.ts";

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "beam",
    controls: {
      load: choice("Load", { uniform: "uniform", falling: "falling to zero", tip: "a force at the tip" }, "uniform"),
      minimizer: choice("Minimizer", { broyden: "Adam, then self-scaled Broyden", adam: "Adam alone" }, "broyden"),
      seed: slider("Seed", { from: 0, to: 9, value: 0 }),
    },
    draw({ step, deflection, residual, steps, losses, errors }, { load }) {
      const largest = Math.max(...residual.map(Math.abs));
      return [
        {
          kind: "curves",
          title: "Deflection of a cantilever",
          caption: `After ${step} steps the deflection is off by ${formatNumber(100 * errors.at(-1)!)} %, relative to its size.`,
          xLabel: "place (lengths of the beam)",
          yLabel: load === "tip" ? "deflection (F L³ / E I)" : "deflection (q L⁴ / E I)",
          x: places,
          series: [
            { label: "known", values: places.map(loads[load].exact) },
            { label: "network", values: deflection },
          ],
        },
        {
          kind: "curves",
          title: "What the equation leaves over",
          caption: `At most ${formatNumber(largest)}, of a fourth derivative that should equal the load.`,
          xLabel: "place (lengths of the beam)",
          yLabel: "residual (of the largest load)",
          x: places,
          series: [{ label: "residual", values: residual }],
        },
        {
          kind: "curves",
          title: "Step by step",
          caption: "No measurement of the deflection was used: the error is what a reader sees, not what trains.",
          xLabel: "step",
          yLabel: "loss, relative error",
          x: steps,
          series: [
            { label: "loss", values: losses },
            { label: "error", values: errors },
          ],
          logarithmic: true,
        },
      ];
    },
  });
