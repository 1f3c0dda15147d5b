// Which method is best on three small sets, and how much of that is what was held back.
import { formatNumber } from "@hooke/report";
import { choice, slider } from "../controls.ts";
import { liveFigure } from "../live-figure.ts";
import type { Mount } from "../mount.ts";

export const mount: Mount = (element) =>
  liveFigure(element, {
    task: "advisor",
    controls: {
      set: choice("Set", { linear: "a linear law", curved: "a curved law", specimens: "twelve specimens" }, "linear"),
      held: choice("Held back", { rows: "rows", specimens: "whole specimens" }, "rows"),
      seed: slider("Data (seed)", { from: 0, to: 9, value: 0 }),
    },
    draw({ methods, tie }, { held }) {
      const [best] = methods;
      const others = tie.filter((name) => name !== best?.method);
      const rivals = others.length === 0 ? "No other ties with it" : `Not significantly worse: ${others.join(", ")}`;
      return [
        {
          kind: "bars",
          title: `Errors on ${held === "rows" ? "rows" : "whole specimens"} held back`,
          caption: `The least error is that of the ${best?.method}, ${formatNumber(best?.error ?? 0)}. ${rivals}. Mean and standard error of five folds; the dummy says the mean.`,
          quantity: "root mean square of the error",
          bars: methods.map(({ method, error, standardError }) => ({
            label: method,
            value: error,
            error: standardError,
          })),
        },
      ];
    },
  });
