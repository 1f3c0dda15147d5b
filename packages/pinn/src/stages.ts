// Stages: one method after another.
import { adam, lbfgs, type Minimizer, selfScaledBroyden } from "@hooke/minimize";
import { type Check, checkOptions, checks, fail } from "@hooke/runtime";

/** When a stage ends because residuals no longer fall between its points. */
export interface HeldOut {
  /** Iterations between comparisons. Default 100. */
  readonly every?: number;
  /** How many comparisons without a lower loss at held-out points, while that at training points is lower, end the stage. Default 5. */
  readonly patience?: number;
}

/** A method and how long it goes on. */
export interface Stage {
  /** Of `@hooke/minimize`. */
  readonly method: Minimizer;
  /** At most so many steps. */
  readonly iterations: number;
  /** It also ends where the largest magnitude in the gradient of the loss is at most this. Default 0: where nothing decreases it any more. */
  readonly tolerance?: number;
  /**
   * It also ends where the loss falls at the points it is trained on and no longer at points held out, and goes back to where that was least. The
   * latter are drawn once, as many as each term has. Default: it does not look.
   */
  readonly heldOut?: HeldOut;
}

function checkHeldOut(options: unknown): string | undefined {
  checkOptions<HeldOut>("heldOut", options, { optional: { every: checks.count, patience: checks.count } });
  return undefined;
}

const methodCheck: Check = (value) =>
  typeof (value as Partial<Minimizer> | null | undefined)?.begin === "function"
    ? undefined
    : "a method of @hooke/minimize, such as adam() or selfScaledBroyden()";

/** Expects stages. @throws on an option of one that there is not */
export const stagesCheck: Check = (value) => {
  if (!Array.isArray(value) || value.length === 0)
    return "a list of stages, such as [{ method: adam(), iterations: 500 }]";
  for (const stage of value) {
    checkOptions<Stage>("stage", stage, {
      required: { method: methodCheck, iterations: checks.count },
      optional: { tolerance: checks.nonNegative, heldOut: checkHeldOut },
    });
  }
  return undefined;
};

/** More parameters than this take L-BFGS: the dense inverse of 2,000 is 32 MB. */
const most = 2000;

/** Adam to find the valley, then the method that goes deepest for as many parameters. */
export function defaultStages(parameters: number): readonly Stage[] {
  const method = parameters <= most ? selfScaledBroyden() : lbfgs({ memory: 50 });
  return [
    { method: adam({ learningRate: 5e-3 }), iterations: 500 },
    { method, iterations: 10_000 },
  ];
}

/** Checks that methods can minimize what terms are. */
export function checkKinds(stages: readonly Stage[], energies: readonly string[]): void {
  if (energies.length === 0) return;
  for (const { method } of stages) {
    if (method.name !== "levenbergMarquardt") continue;
    fail(
      "solve",
      `the term "${energies[0]}" is an energy, and levenbergMarquardt takes squares only; use lbfgs() or selfScaledBroyden().`,
    );
  }
}
