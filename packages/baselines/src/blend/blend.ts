// Blending: several methods learn, and their predictions are added up with weights that folds inside the fit choose.
import { checks, fail } from "@hooke/runtime";
import { foldsOf } from "../folds/folds.ts";
import { resumedFrom, settledFrom } from "../method/choosing.ts";
import { defineMethod, isMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { Method } from "../method/method.ts";
import { stepOf } from "../method/parts.ts";
import { takeSamples } from "../method/samples.ts";
import type { State } from "../method/state.ts";
import { trustIn, weightsOf } from "./weights.ts";

/** Options of {@link blend}. */
export interface BlendOptions {
  /** The methods whose predictions are added up: two at least. */
  readonly methods: readonly Method[];
  /** Parts of the rows that take turns in being predicted by the others, to choose the weights. Default 5. */
  readonly folds?: number;
  /**
   * Whether a method that states a `deviation`, such as a Gaussian process, counts more for rows where that is less than usual, and less where it is more than
   * twice that: far from what it learned it knows that it guesses. Of numbers; predictions take the time of the deviations, too. Default false.
   */
  readonly byDeviation?: boolean;
  /** Weights that sum to 1, instead of chosen ones. */
  readonly weights?: readonly number[];
  /** Beside `weights`: the usual deviation of each method, in the unit of the target; 0 of those that count alike for all rows. Default 0 each. */
  readonly deviations?: readonly number[];
}

/** What is learned. */
export type BlendState = {
  /** Of each method, in the order of `methods`; they sum to 1. */
  readonly weights: Float64Array;
  /** Of each method, the root mean square of the deviations that it stated for rows left out; 0 of those that count alike for all rows. */
  readonly deviations: Float64Array;
  /** What each learned of all rows; `null` of those that weigh nothing. */
  readonly states: readonly State[];
};

/**
 * Adds up what several methods predict, with weights that sum to 1 and fall with the eighth power of the error on rows that were left out, root
 * mean squares or cross-entropy: a tenth more error halves a weight. Whole groups are left out where there are some. Methods that predict about equally well
 * by other means are better together than the best of them alone; one that is much better gets all the weight.
 *
 * What a method chooses, such as settings or length scales, it chooses once on all rows and keeps in the folds; where rows have groups it begins there to
 * choose anew, if that is quick: what was chosen on all rows knows the groups that a fold leaves out.
 *
 * Far from the rows it learned from a method may be worse than any other, and know it: `byDeviation` listens.
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
      byDeviation: checks.flag,
      deviations: (value) => (isShares(value) ? undefined : "numbers, none below 0"),
      weights: (value) =>
        isShares(value) && Math.abs(value.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9
          ? undefined
          : "numbers that sum to 1, none below 0",
    },
  },
  check: ({ methods, weights, deviations, byDeviation = false }: BlendOptions) => {
    for (const [name, given] of Object.entries({ weights, deviations })) {
      if (given !== undefined && given.length !== methods.length)
        return `received ${given.length} ${name} for ${methods.length} methods; give one for each.`;
    }
    if (weights !== undefined && byDeviation)
      return "received weights and byDeviation, which needs the folds that choose weights; give deviations beside weights.";
    return weights === undefined && deviations !== undefined
      ? "received deviations without weights; give both, or byDeviation: true to have both chosen."
      : undefined;
  },
  learn: async (samples, options: BlendOptions, context): Promise<BlendState> => {
    const { methods, folds = 5, weights: given } = options;
    if (samples.target.type === "class" && options.deviations?.some((deviation) => deviation > 0)) {
      fail(
        "blend",
        `received deviations, and classes to predict ("${samples.target.name}"); leave them out.`,
        "mismatch",
      );
    }
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
    const deviations = Float64Array.from(options.deviations ?? methods.map(() => 0));
    if (given !== undefined) return { weights: Float64Array.from(given), deviations, states };
    const { target } = samples;
    const outputs = target.type === "number" ? 1 : target.classes.length;
    const isLocal = options.byDeviation === true && target.type === "number";
    const inFold = samples.groups === undefined ? settledFrom : resumedFrom;
    const predicted = methods.map(() => new Float64Array(samples.rowCount * outputs));
    for (const { train, test } of held) {
      const [learned, left] = [takeSamples(samples, train), takeSamples(samples, test)];
      for (const [i, method] of methods.entries()) {
        const settled = inFold(method, states[i]!);
        const step = { ...stepOf(context, done++, total, "left out"), warn: () => undefined };
        const { columns, rowCount } = left;
        const state = await settled.learn(learned, step);
        const values = settled.predict(state, { columns, rowCount });
        if (!values.every(Number.isFinite))
          fail("blend", `${method.method} predicts what is not finite.`, "non-finite");
        for (const [place, row] of test.entries()) {
          predicted[i]!.set(values.subarray(place * outputs, (place + 1) * outputs), row * outputs);
        }
        const stated = isLocal ? settled.deviation?.(state, { columns, rowCount }) : undefined;
        deviations[i]! += stated?.reduce((sum, deviation) => sum + deviation ** 2, 0) ?? 0;
      }
    }
    const usual = deviations.map((squares) => Math.sqrt(squares / samples.rowCount));
    // Where one is in doubt the others count, however little they do elsewhere.
    const weights = weightsOf(
      target,
      predicted,
      samples.weights,
      usual.every((deviation) => deviation === 0),
    );
    return { weights, deviations: usual, states: states.map((state, i) => (weights[i] === 0 ? null : state)) };
  },
  settled: (state, { methods }) => weighedAs(state, methods, settledFrom),
  resumed: (state, { methods }) => weighedAs(state, methods, resumedFrom),
  form:
    ({ methods }) =>
    (value, path) => {
      const { weights = [] } = (value ?? {}) as { readonly weights?: ArrayLike<number> };
      const learned = methods.map((method, i) =>
        weights[i] === 0 ? forms.either(forms.absent, forms.learned(method)) : forms.learned(method),
      );
      return forms.record({ weights: forms.f64, deviations: forms.f64, states: forms.tuple<State>(learned) })(
        value,
        path,
      );
    },
  predict: ({ weights, deviations, states }, inputs, { methods }) => {
    const isLocal = deviations.some((deviation) => deviation > 0);
    const totals = isLocal ? new Float64Array(inputs.rowCount) : undefined;
    let sum: Float64Array | undefined;
    for (const [i, method] of methods.entries()) {
      const weight = weights[i]!;
      if (weight === 0) continue;
      const values = method.predict(states[i]!, inputs);
      const stated = deviations[i]! > 0 ? method.deviation?.(states[i]!, inputs) : undefined;
      const weightAt = (at: number): number =>
        stated === undefined ? weight : weight * trustIn(stated[at]!, deviations[i]!);
      sum = values.map((value, at) => (sum?.[at] ?? 0) + weightAt(at) * value);
      if (totals !== undefined) for (const row of totals.keys()) totals[row]! += weightAt(row);
    }
    return totals === undefined ? sum! : sum!.map((so, row) => so / totals[row]!);
  },
});

/** A blend that keeps its weights, of methods as `chosen` gives them. */
const weighedAs = (
  { weights, deviations, states }: BlendState,
  methods: readonly Method[],
  chosen: typeof settledFrom,
): Method =>
  blend({
    methods: methods.map((method, i) => (weights[i] === 0 ? method : chosen(method, states[i]!))),
    weights: Array.from(weights),
    deviations: Array.from(deviations),
  });

const isShares = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => checks.nonNegative(each) === undefined);
