// How long an example is trained, on how many points, in how many windows, and by which recipe.
import { adam, selfScaledBroyden } from "@hooke/minimize";
import { fixed, type SolveOptions, worstFirst } from "@hooke/pinn";

/** How long an example is trained, and on how many points. */
export interface Training {
  readonly points: number;
  /** Of Adam, then of self-scaled Broyden. */
  readonly steps: readonly [adam: number, broyden: number];
}

/** Where `march` solves it: in how many windows, each of which is trained so. */
export interface Windows {
  readonly windows: number;
}

/** And how large its networks are. */
export interface Settings extends Training {
  /** Units of the hidden layers. */
  readonly units: readonly number[];
}

/** How they are trained: Adam finds the valley, self-scaled Broyden goes down in it, on points drawn again every 500 steps. */
export const recipe = ({ steps: [first, second] }: Pick<Training, "steps">) =>
  ({
    stages: [
      { method: adam({ learningRate: 5e-3 }), iterations: first },
      { method: selfScaledBroyden(), iterations: second },
    ],
    resample: worstFirst({ every: 500, stale: 0 }),
    weights: fixed(),
  }) satisfies Partial<SolveOptions>;
