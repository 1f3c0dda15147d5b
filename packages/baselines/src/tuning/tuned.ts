// Tuning inside the fit: the best of several methods by folds of the rows that it is given, fitted on all of them.
import { checks } from "@hooke/runtime";
import { foldsOf } from "../folds/folds.ts";
import { losses, meanLoss } from "../folds/loss.ts";
import { resumedFrom, settledFrom } from "../method/choosing.ts";
import { defineMethod, isMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";
import type { LearnContext, Method } from "../method/method.ts";
import { partOf } from "../method/parts.ts";
import { type Samples, takeSamples } from "../method/samples.ts";
import type { State } from "../method/state.ts";

/** Options of {@link tuned}. */
export interface TunedOptions {
  /** The methods to choose from, such as `randomSearch` draws: two at least. */
  readonly among: readonly Method[];
  /** Parts of the rows that take turns in being predicted by the others. Default 5. */
  readonly folds?: number;
}

/** What is learned: which was chosen, and what it learned. */
export type TunedState = {
  /** Its place in `among`. */
  readonly chosen: number;
  readonly state: State;
  /** Mean losses over the folds that each was tried on: squared errors, or cross-entropies. */
  readonly losses: Float64Array;
  /** How many folds that were; those that lost early were tried on few. */
  readonly tried: Int32Array;
};

/**
 * Chooses among methods by folds of its own rows, and fits the best on all of them: held back rows of an outer cross-validation decide
 * nothing. All methods are tried on the first fold, then after each fold the better half go on (successive halving; Jamieson and Talwalkar,
 * AISTATS 2016), so that 20 of them cost 40 fits or so.
 */
export const tuned = /* @__PURE__ */ defineMethod({
  name: "tuned",
  tasks: ["regression", "classification"],
  options: {
    required: {
      among: (value) =>
        Array.isArray(value) && value.length > 1 && value.every(isMethod)
          ? undefined
          : "a list of two methods at least",
    },
    optional: {
      folds: (value) => ((checks.count(value) ?? (value as number) < 2) ? "a whole number from 2" : undefined),
    },
  },
  learn: async (samples, { among, folds = 5 }: TunedOptions, context): Promise<TunedState> => {
    const held = foldsOf("tuned", samples, folds, context.key);
    const sums = new Float64Array(among.length);
    const tried = new Int32Array(among.length);
    let left = among.map((_, candidate) => candidate);
    const rounds = roundsOf(among.length, held.length);
    const total = rounds.reduce((sum, size) => sum + size, 1);
    let done = 0;
    for (const [round, { train, test }] of held.entries()) {
      const [learned, judged] = [takeSamples(samples, train), takeSamples(samples, test)];
      for (const candidate of left) {
        const part = { ...partOf(context, done++, total, "trial"), warn: () => undefined };
        sums[candidate]! += await lossOf(among[candidate]!, learned, judged, part);
        tried[candidate]!++;
      }
      left = left.toSorted((a, b) => sums[a]! - sums[b]! || a - b).slice(0, rounds[round + 1] ?? 1);
    }
    const chosen = left[0]!;
    const state = await among[chosen]!.learn(samples, partOf(context, done, total, "all rows"));
    return { chosen, state, losses: sums.map((sum, candidate) => sum / tried[candidate]!), tried };
  },
  form:
    ({ among }) =>
    (value, path) =>
      forms.record({
        chosen: forms.oneOf([...among.keys()]),
        state: forms.learned(among[(value as TunedState).chosen] ?? among[0]!),
        losses: forms.f64,
        tried: forms.i32,
      })(value, path),
  predict: ({ chosen, state }, inputs, { among }) => among[chosen]!.predict(state, inputs),
  settled: ({ chosen, state }, { among }) => settledFrom(among[chosen]!, state),
  resumed: ({ chosen, state }, { among }) => resumedFrom(among[chosen]!, state),
});

/** How many are tried on each fold: half of the ones before, two at least. */
function roundsOf(candidates: number, folds: number): number[] {
  const rounds = [candidates];
  while (rounds.length < folds) rounds.push(Math.max(Math.min(2, candidates), Math.ceil(rounds.at(-1)! / 2)));
  return rounds;
}

/** Predictions that are not finite lose to all others. */
async function lossOf(method: Method, learned: Samples, judged: Samples, context: LearnContext): Promise<number> {
  const state = await method.learn(learned, context);
  const predicted = method.predict(state, { columns: judged.columns, rowCount: judged.rowCount });
  const loss = meanLoss(losses(judged.target, predicted), judged.weights);
  return Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
}
