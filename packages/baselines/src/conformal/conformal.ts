// Conformal prediction: bounds for the predictions of any method, from the errors that it made where it had not learned.
import { checks, fail } from "@hooke/runtime";
import { foldsOf } from "../folds/folds.ts";
import { defineMethod, isMethod } from "../method/define-method.ts";
import type { Bounds, Method } from "../method/method.ts";
import { partOf } from "../method/parts.ts";
import { countedSamples, type Inputs, type Samples, takeSamples } from "../method/samples.ts";
import type { State } from "../method/state.ts";
import { crossBounds } from "./ranks.ts";

/** Options of {@link conformal}. */
export interface ConformalOptions {
  /** The method whose predictions get bounds. */
  readonly method: Method;
  /** Parts of the rows that take turns in being left out; as many as rows, or groups, is the jackknife+. Default 10. */
  readonly folds?: number;
}

/** What is learned: the method on all rows, and without each of the folds. */
export type ConformalState = {
  readonly whole: State;
  readonly parts: readonly State[];
  /** Of each row: the fold that left it out, and how far off that was. */
  readonly foldOf: Int32Array;
  readonly errors: Float64Array;
  /** How much each row counts, 1 on average; empty where all count the same. */
  readonly weights: Float64Array;
};

/**
 * A method with bounds of its predictions, CV+ (Barber, Candes, Ramdas and Tibshirani, "Predictive inference with the jackknife+", Annals of
 * Statistics 49, 2021). A new row that is like those learned from is within bounds of level 0.9 in 80 of 100 cases at least, whatever the
 * method, and in about 90 in practice. Where rows come in groups, give them to `fit`: bounds then are for a new group.
 *
 * Predictions are those of the method on all rows. Rows of weights count as much among the errors, and a new one as they do on average. Few rows bound nothing: level 0.9 takes 9 of them at least, and bounds are infinite with fewer.
 *
 * @example
 * ```ts
 * import { conformal, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const x = Array.from({ length: 50 }, (_, i) => i);
 * const table = tableOf({ x, y: x.map((value, i) => 2 * value + ((i * 7) % 5)) });
 * const fitted = await conformal({ method: ridge() }).fit(table, "y");
 * const { bounds } = fitted.predict(tableOf({ x: [20.5] }), { level: 0.9 });
 * console.log(bounds!.lower[0]! < 43 && bounds!.upper[0]! > 43, bounds!.upper[0]! - bounds!.lower[0]! < 7); // true true
 * ```
 */
export const conformal = /* @__PURE__ */ defineMethod({
  name: "conformal",
  tasks: ["regression"],
  options: {
    required: { method: (value) => (isMethod(value) ? undefined : "a method, such as ridge()") },
    optional: {
      folds: (value) => ((checks.count(value) ?? (value as number) < 2) ? "a whole number from 2" : undefined),
    },
  },
  learn: async (given, { method, folds = 10 }: ConformalOptions, context): Promise<ConformalState> => {
    const samples = countedSamples(given);
    if (samples.target.type !== "number") return fail("conformal", "bounds numbers, no classes.", "mismatch");
    const held = foldsOf("conformal", samples, folds, context.key);
    const foldOf = new Int32Array(samples.rowCount);
    const errors = new Float64Array(samples.rowCount);
    const parts: State[] = [];
    for (const [fold, { train, test }] of held.entries()) {
      const state = await method.learn(
        takeSamples(samples, train),
        quiet(partOf(context, fold, held.length + 1, "fold")),
      );
      const predicted = method.predict(state, takeSamples(inputsIn(samples), test));
      for (const [i, row] of test.entries()) {
        foldOf[row] = fold;
        errors[row] = Math.abs(samples.target.values[row]! - predicted[i]!);
      }
      parts.push(state);
    }
    const whole = await method.learn(samples, partOf(context, held.length, held.length + 1, "all rows"));
    return { whole, parts, foldOf, errors, weights: relative(samples.weights) };
  },
  predict: ({ whole }, inputs, { method }) => method.predict(whole, inputs),
  bounds: ({ parts, foldOf, errors, weights }, inputs, level, { method }): Bounds =>
    crossBounds({ predicted: parts.map((state) => method.predict(state, inputs)), foldOf, errors, weights }, level),
});

/** Weights over their mean. */
function relative(weights: Float64Array | undefined): Float64Array {
  if (weights === undefined || weights.every((weight) => weight === weights[0])) return new Float64Array(0);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

const inputsIn = ({ columns, rowCount }: Samples): Inputs => ({ columns, rowCount });

/** What deserves a look is said once, of all rows. */
const quiet = <C extends object>(context: C): C => ({ ...context, warn: () => undefined });
