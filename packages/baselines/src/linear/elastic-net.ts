// Lasso and elastic net as methods: weights of inputs that say little become 0, by a penalty that folds choose.
import { foldsOf } from "../folds/folds.ts";
import { defineMethod } from "../method/define-method.ts";
import type { LearnContext } from "../method/method.ts";
import { countedSamples, type NumberTarget, type Samples } from "../method/samples.ts";
import { type NetProblem, netProblem, pathOf, roughly, settleAt } from "./elastic-net-fit.ts";
import { designRows, type LinearState, linearForm, linearState, predictLinear } from "./linear-state.ts";
import { foldsCheck, mixingsCheck, penaltyCheck } from "./options.ts";
import { atEdge, largestFirst } from "./penalties.ts";
import { dot, type Rows, someRows } from "./rows.ts";

/** Options of {@link lasso}. */
export interface LassoOptions {
  /**
   * Beside half the mean squared error: scikit-learn's `alpha`, in units of the target. Of a list, the one with the least squared error over
   * folds. Default: of a path of 100, from the least at which every weight is 0 down to 1e-4 of it, or 1e-2 where there are fewer rows than columns.
   */
  readonly penalty?: number | readonly number[];
  /** Parts of the rows, drawn by the seed, that take turns in being predicted by the others, with the scaling of all. Default 5. */
  readonly folds?: number;
}

/** Options of {@link elasticNet}. */
export interface ElasticNetOptions extends LassoOptions {
  /** The share of the penalty that is on magnitudes, above 0; the rest is on squares. Of a list, the best by folds. Default `[0.2, 0.5, 0.8, 1]`. */
  readonly mixing?: number | readonly number[];
}

/**
 * Lasso (Tibshirani, J. R. Stat. Soc. B 58, 1996): a penalty on the magnitudes of the weights, of which it makes some 0. Numbers are scaled by
 * their standard deviation, categories are 0/1. Of inputs that are alike it takes one, and another from other rows: see `coefficientIntervals`.
 */
export const lasso = /* @__PURE__ */ defineMethod({
  name: "lasso",
  tasks: ["regression"],
  options: { optional: { penalty: penaltyCheck, folds: foldsCheck } },
  learn: (samples, options: LassoOptions, context) => learnNet("lasso", samples, { ...options, mixing: 1 }, context),
  form: linearForm,
  predict: (state: LinearState, inputs) => predictLinear(state, inputs),
});

/**
 * Elastic net (Zou and Hastie, J. R. Stat. Soc. B 67, 2005): a penalty on magnitudes and squares, `penalty * (mixing * sum|w| + (1 - mixing) / 2
 * * sum w^2)` beside half the mean squared error. Of inputs that are alike it takes all or none.
 */
export const elasticNet = /* @__PURE__ */ defineMethod({
  name: "elasticNet",
  tasks: ["regression"],
  options: { optional: { penalty: penaltyCheck, mixing: mixingsCheck, folds: foldsCheck } },
  learn: (samples, options: ElasticNetOptions, context) => learnNet("elasticNet", samples, options, context),
  form: linearForm,
  predict: (state: LinearState, inputs) => predictLinear(state, inputs),
});

interface Choice {
  readonly penalty: number;
  readonly mixing: number;
}

async function learnNet(
  who: string,
  given: Samples,
  options: ElasticNetOptions,
  context: LearnContext,
): Promise<LinearState> {
  const samples = countedSamples(given);
  const { mixing: mixings = [0.2, 0.5, 0.8, 1], penalty } = options;
  const { design, rows } = designRows(who, samples, context.warn);
  const { values } = samples.target as NumberTarget;
  const problem = netProblem(rows, values, samples.weights);
  const paths = [mixings].flat().map((mixing) => ({
    mixing,
    penalties: largestFirst([penalty ?? pathOf(rows, problem.most(mixing))].flat())!,
  }));
  const choice = await chosen(
    { who, samples, rows, targets: values, weights: samples.weights },
    paths,
    options.folds ?? 5,
    context,
  );
  const { penalties } = paths.find(({ mixing }) => mixing === choice.mixing)!;
  for (const sentence of atEdge(choice.penalty, penalties, penalty !== undefined)) context.warn(sentence);
  const rest = () => context.pause(() => ({ fraction: 0.95, text: `${rows.count} rows, ${rows.width} columns` }));
  for (const larger of penalties.filter((each) => each > choice.penalty)) {
    await settleAt(problem, { ...choice, penalty: larger }, rest, roughly);
  }
  if (!(await settleAt(problem, choice, rest))) {
    context.warn(
      "Its weights still changed after 100,000 sweeps: inputs are nearly sums of others; leave some of these out.",
    );
  }
  return linearState({ design, linear: problem.linear(), ...choice });
}

interface Fitting {
  readonly who: string;
  readonly samples: Samples;
  readonly rows: Rows;
  readonly targets: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** What predicts best over folds; the first of equal ones. */
async function chosen(
  { who, samples, rows, targets, weights }: Fitting,
  paths: readonly { readonly mixing: number; readonly penalties: readonly number[] }[],
  folds: number,
  { key, pause }: LearnContext,
): Promise<Choice> {
  const choices = paths.flatMap(({ mixing, penalties }) => penalties.map((penalty) => ({ mixing, penalty })));
  if (choices.length === 1) return choices[0]!;
  const parts = foldsOf(who, samples, folds, key);
  const errors = new Float64Array(choices.length);
  for (const [fold, { train, test }] of parts.entries()) {
    let problem: NetProblem | undefined;
    for (const [at, choice] of choices.entries()) {
      const fraction = (0.95 * (fold + at / choices.length)) / parts.length;
      const rest = () => pause(() => ({ fraction, text: `fold ${fold + 1} of ${parts.length}` }));
      // Each path begins with weights of 0.
      if (problem === undefined || choice.mixing !== choices[at - 1]!.mixing) {
        problem = netProblem(someRows(rows, train), gathered(targets, train), weights && gathered(weights, train));
      }
      await settleAt(problem, choice, rest, roughly);
      const { weights: own, bias } = problem.linear();
      for (const row of test) {
        const predicted = bias[0]! + dot(own[0]!, rows.data, row * rows.width);
        errors[at]! += (weights?.[row] ?? 1) * (predicted - targets[row]!) ** 2;
      }
    }
  }
  return choices[errors.indexOf(Math.min(...errors))]!;
}

const gathered = (values: Float64Array, rows: Int32Array): Float64Array =>
  Float64Array.from(rows, (row) => values[row]!);
