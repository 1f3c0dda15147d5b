// Blending: several methods learn, and their predictions are added up with weights that folds inside the fit choose.
import { checks, fail } from "@hooke/runtime";
import { foldsOf } from "../folds/folds.ts";
import { defineMethod, isMethod } from "../method/define-method.ts";
import type { Method } from "../method/method.ts";
import { stepOf } from "../method/parts.ts";
import { takeSamples } from "../method/samples.ts";
import type { State } from "../method/state.ts";
import { weightsOf } from "./weights.ts";

/** Options of {@link blend}. */
export interface BlendOptions {
  /** The methods whose predictions are added up: two at least. */
  readonly methods: readonly Method[];
  /** Parts of the rows that take turns in being predicted by the others, to choose the weights. Default 5. */
  readonly folds?: number;
  /** Weights that sum to 1, instead of chosen ones. */
  readonly weights?: readonly number[];
}

/** What is learned. */
export type BlendState = {
  /** Of each method, in the order of `methods`; they sum to 1. */
  readonly weights: Float64Array;
  /** What each learned of all rows; `null` of those that weigh nothing. */
  readonly states: readonly State[];
};

/**
 * Adds up what several methods predict, with weights that sum to 1 and fall with the eighth power of the error on rows that were left out, root
 * mean squares or cross-entropy: a tenth more error halves a weight. Whole groups are left out where there are some. Methods that predict about equally well
 * by other means are better together than the best of them alone; one that is much better gets all the weight.
 *
 * What a method chooses, such as settings or length scales, it chooses once on all rows and keeps in the folds.
 *
 * @example
 * ```ts
 * import { blend, nearestNeighbours, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const x = Array.from({ length: 60 }, (_, i) => ((i * 17) % 60) / 10);
 * const table = tableOf({ x, y: x.map((value) => 2 * value) });
 * const { state } = await blend({ methods: [ridge(), nearestNeighbours()] }).fit(table, "y");
 * console.log(Array.from(state.weights, Math.round)); // [ 1, 0 ]
 * ```
 */
export const blend = /* @__PURE__ */ defineMethod<BlendOptions, BlendState>({
  name: "blend",
  tasks: ["regression", "classification"],
  options: {
    required: {
      methods: (value) =>
        Array.isArray(value) && value.length > 1 && value.every(isMethod)
          ? undefined
          : "a list of two methods at least",
    },
    optional: {
      folds: (value) => ((checks.count(value) ?? (value as number) < 2) ? "a whole number from 2" : undefined),
      weights: (value) =>
        Array.isArray(value) &&
        value.every((weight) => checks.nonNegative(weight) === undefined) &&
        Math.abs(value.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9
          ? undefined
          : "numbers that sum to 1, none below 0",
    },
  },
  check: ({ methods, weights }: BlendOptions) =>
    weights !== undefined && weights.length !== methods.length
      ? `received ${weights.length} weights for ${methods.length} methods; give one for each.`
      : undefined,
  learn: async (samples, { methods, folds = 5, weights: given }: BlendOptions, context): Promise<BlendState> => {
    const held = given === undefined ? foldsOf("blend", samples, folds, context.key, "blend") : [];
    const total = methods.length * (1 + held.length);
    let done = 0;
    const states: State[] = [];
    for (const [i, method] of methods.entries()) {
      const step = stepOf(context, done++, total, "method");
      states.push(
        given?.[i] === 0
          ? null
          : (context.known?.(method, samples, context.key) ?? (await method.learn(samples, step))),
      );
    }
    if (given !== undefined) return { weights: Float64Array.from(given), states };
    const outputs = samples.target.type === "number" ? 1 : samples.target.classes.length;
    const predicted = methods.map(() => new Float64Array(samples.rowCount * outputs));
    for (const { train, test } of held) {
      const [learned, left] = [takeSamples(samples, train), takeSamples(samples, test)];
      for (const [i, method] of methods.entries()) {
        const settled = method.settled?.(states[i]!) ?? method;
        const step = { ...stepOf(context, done++, total, "left out"), warn: () => undefined };
        const { columns, rowCount } = left;
        const values = settled.predict(await settled.learn(learned, step), { columns, rowCount });
        if (!values.every(Number.isFinite))
          fail("blend", `${method.method} predicts what is not finite.`, "non-finite");
        for (const [place, row] of test.entries()) {
          predicted[i]!.set(values.subarray(place * outputs, (place + 1) * outputs), row * outputs);
        }
      }
    }
    const weights = weightsOf(samples.target, predicted, samples.weights);
    return { weights, states: states.map((state, i) => (weights[i] === 0 ? null : state)) };
  },
  settled: ({ weights, states }, { methods }): Method =>
    blend({
      methods: methods.map((method, i) => (weights[i] === 0 ? method : (method.settled?.(states[i]!) ?? method))),
      weights: Array.from(weights),
    }),
  predict: ({ weights, states }, inputs, { methods }) => {
    let sum: Float64Array | undefined;
    for (const [i, method] of methods.entries()) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      const values = method.predict(states[i]!, inputs);
      sum = sum === undefined ? values.map((value) => weight * value) : sum.map((so, at) => so + weight * values[at]!);
    }
    return sum!;
  },
});
