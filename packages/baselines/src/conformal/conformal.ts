// Conformal prediction: bounds for the predictions of any method, from the errors that it made where it had not learned.
import { checks, fail } from "@hooke/runtime";
import { foldsOf, membersOf } from "../folds/folds.ts";
import { defineMethod, isMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { Bounds, Method } from "../method/method.ts";
import { partOf } from "../method/parts.ts";
import { countedSamples, type Inputs, type Samples, takeSamples } from "../method/samples.ts";
import { spreadOf } from "../method/spread.ts";
import type { State } from "../method/state.ts";
import { crossBounds, type Reach } from "./ranks.ts";

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
  /** Of each row: the fold that left it out, and how far off that was, over what bounds of the method's own reached there where it has some. */
  readonly foldOf: Int32Array;
  readonly errors: Float64Array;
  /** What bounds reach at least, in the unit of the target. */
  readonly least: number;
  /** How much each row counts, 1 on average; empty where all count the same. */
  readonly weights: Float64Array;
};

/**
 * A method with bounds of its predictions, CV+ (Barber, Candes, Ramdas and Tibshirani, "Predictive inference with the jackknife+", Annals of
 * Statistics 49, 2021). A new row that is like those learned from is within bounds of level 0.9 in 80 of 100 cases at least, whatever the
 * method, and in about 90 in practice. Where rows come in groups, give them to `fit`: bounds then are for a new group, and `warnings` say where there are fewer than 10.
 *
 * Of a method with bounds of its own, such as an ensemble of networks or `gaussianProcess`, they keep their shape, wide where the method knows little,
 * and get the width that holds (Kivaranovic, Johnson and Leeb, "Adaptive, distribution-free prediction intervals for deep networks", AISTATS 2020); of others
 * they are much the same everywhere. The `deviation` of a prediction is half the width of that shape, times the root mean square of the errors in it.
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
  texts: true,
  options: {
    required: { method: (value) => (isMethod(value) ? undefined : "a method, such as ridge()") },
    optional: {
      folds: (value) => ((checks.count(value) ?? (value as number) < 2) ? "a whole number from 2" : undefined),
    },
  },
  learn: async (given, { method, folds = 10 }: ConformalOptions, context): Promise<ConformalState> => {
    const samples = countedSamples(given);
    if (samples.target.type !== "number") return fail("conformal", "bounds numbers, no classes.", "mismatch");
    const groups = membersOf(samples)?.length ?? enoughGroups;
    if (groups < enoughGroups) context.warn(fewGroups(groups));
    const held = foldsOf("conformal", samples, folds, context.key);
    const foldOf = new Int32Array(samples.rowCount);
    const errors = new Float64Array(samples.rowCount);
    const least = smallest * (spreadOf(samples.target.values, samples.weights).scale || 1);
    const parts: State[] = [];
    for (const [fold, { train, test }] of held.entries()) {
      const state = await method.learn(
        takeSamples(samples, train),
        quiet(partOf(context, fold, held.length + 1, "fold")),
      );
      const inputs = takeSamples(inputsIn(samples), test);
      const predicted = method.predict(state, inputs);
      const reach = reachOf(method, state, inputs, predicted, least);
      for (const [i, row] of test.entries()) {
        const error = samples.target.values[row]! - predicted[i]!;
        foldOf[row] = fold;
        errors[row] = Math.abs(error) / (reach?.[error < 0 ? "below" : "above"][i] ?? 1);
      }
      parts.push(state);
    }
    const whole = await method.learn(samples, partOf(context, held.length, held.length + 1, "all rows"));
    return { whole, parts, foldOf, errors, least, weights: relative(samples.weights) };
  },
  form: ({ method }) =>
    forms.record({
      whole: forms.learned(method),
      parts: forms.list(forms.learned(method)),
      foldOf: forms.i32,
      errors: forms.f64,
      least: forms.number,
      weights: forms.f64,
    }),
  predict: ({ whole }, inputs, { method }) => method.predict(whole, inputs),
  bounds: ({ parts, foldOf, errors, least, weights }, inputs, level, { method }): Bounds => {
    const predicted = parts.map((state) => method.predict(state, inputs));
    const reaches = parts.flatMap((state, i) => reachOf(method, state, inputs, predicted[i]!, least) ?? []);
    return crossBounds({ predicted, foldOf, errors, weights, ...(reaches.length > 0 && { reaches }) }, level);
  },
  deviation: ({ whole, errors, least, weights }, inputs, { method }) => {
    const squares = errors.reduce((sum, error, row) => sum + (weights[row] ?? 1) * error ** 2, 0);
    const scale = Math.sqrt(squares / errors.length);
    const predicted = method.predict(whole, inputs);
    const reach = reachOf(method, whole, inputs, predicted, least);
    // Where no row was off at all, a distribution still has a width.
    return predicted.map((_, row) => scale * (reach ? (reach.below[row]! + reach.above[row]!) / 2 : 1) || least);
  },
});

/** Of the spread of the targets: no bounds are narrower before they get their width. */
const smallest = 1e-3;
/** Groups from which on bounds for a new one hold as often as asked. */
const enoughGroups = 10;
/** Measured: lines through groups whose own errors are 1 and 4 times as wide as those of rows, 60 draws each; 10 groups held 89. */
const fewGroups = (count: number): string =>
  `${count} groups are few to bound new ones by: of level 0.9, 3 to 8 groups that differ more than their rows do held 78 to 87 of 100 rows; ` +
  `${enoughGroups} are enough.`;
/** The level of a method's own bounds whose shape counts. */
const shapeLevel = 0.9;

/** How far the bounds of a method reach from what it predicts; undefined where it has none. */
function reachOf(
  method: Method,
  state: State,
  inputs: Inputs,
  predicted: Float64Array,
  least: number,
): Reach | undefined {
  const bounds = method.bounds?.(state, inputs, shapeLevel);
  return (
    bounds && {
      below: predicted.map((value, row) => Math.max(least, value - bounds.lower[row]!)),
      above: predicted.map((value, row) => Math.max(least, bounds.upper[row]! - value)),
    }
  );
}

/** Weights over their mean. */
function relative(weights: Float64Array | undefined): Float64Array {
  if (weights === undefined || weights.every((weight) => weight === weights[0])) return new Float64Array(0);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

const inputsIn = ({ columns, texts, rowCount }: Samples): Inputs => ({ columns, ...(texts && { texts }), rowCount });

/** What deserves a look is said once, of all rows. */
const quiet = <C extends object>(context: C): C => ({ ...context, warn: () => undefined });
