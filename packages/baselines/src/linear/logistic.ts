// Logistic regression as a method: two classes or more, a penalty on squared weights or on magnitudes, which folds choose.
import { type Check, fail } from "@hooke/runtime";
import { foldsOf } from "../folds/folds.ts";
import { defineMethod } from "../method/define-method.ts";
import type { LearnContext } from "../method/method.ts";
import { type ClassTarget, countedSamples, type Samples } from "../method/samples.ts";
import { pathOf } from "./elastic-net-fit.ts";
import { designRows, type LinearState, linearForm, linearState, predictLinear } from "./linear-state.ts";
import { foldsCheck, penaltyCheck } from "./options.ts";
import { atEdge, largestFirst, multiples } from "./penalties.ts";
import type { Rest } from "./rest.ts";
import { centred, columnMeans, type Linear, someRows } from "./rows.ts";
import { logLoss, type SoftmaxProblem, softmaxPath } from "./softmax-fit.ts";
import { logitsOf, sparseSoftmax } from "./sparse-softmax.ts";
import { spectrumOf } from "./spectrum.ts";

/** Options of {@link logistic}. */
export interface LogisticOptions {
  /**
   * Beside the sum of cross-entropies, `penalty * (mixing * sum|w| + (1 - mixing) / 2 * sum w^2)` of the weights of scaled inputs:
   * scikit-learn's `1 / C`. Of a list, the one with the least cross-entropy over folds. Default: of 11, from 1e-4 to 10 times the mean eigenvalue of
   * the inputs' products; with `mixing`, of 30 from the least at which every weight is 0.
   */
  readonly penalty?: number | readonly number[];
  /** The share of the penalty that is on magnitudes: 0 keeps all inputs, 1 (lasso) makes most weights 0. Default 0. */
  readonly mixing?: number;
  /** Parts of the rows, alike in their classes and drawn by the seed, that take turns in being predicted by the others, with the scaling of all. Default 5. */
  readonly folds?: number;
}

const mixingCheck: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1 ? undefined : "a number from 0 to 1";

/** As far as it goes while a penalty is chosen, and at the end. */
const roughly = { slope: 1e-6, tolerance: 1e-4, rounds: 50 };
const exactly = { slope: 1e-10, tolerance: 1e-9, rounds: 2000 };

/**
 * Logistic regression; of more than two classes multinomial. Numbers are scaled by their standard deviation, categories are 0/1.
 *
 * @throws on a target of one class
 */
export const logistic = /* @__PURE__ */ defineMethod({
  name: "logistic",
  tasks: ["classification"],
  options: { optional: { penalty: penaltyCheck, mixing: mixingCheck, folds: foldsCheck } },
  check: ({ penalty }: LogisticOptions) =>
    penalty === 0
      ? "received the penalty 0, at which classes that can be told apart have no best weights; give more."
      : undefined,
  learn: async (given, options: LogisticOptions, context) => {
    const samples = countedSamples(given);
    const { mixing = 0, folds = 5 } = options;
    const target = samples.target as ClassTarget;
    const classes = target.classes.length;
    if (classes < 2) {
      fail(
        "logistic",
        `"${target.name}" is "${target.classes[0]}" in every row; there is nothing to tell apart.`,
        "invalid-data",
      );
    }
    const { design, rows } = designRows("logistic", samples, context.warn);
    const problem = { rows, labels: target.values, classes, ...(samples.weights && { weights: samples.weights }) };
    const penalty = await chosenPenalty(samples, problem, { given: options.penalty, mixing, folds }, context);
    const rest = () => context.pause(() => ({ fraction: 0.95, text: `${rows.count} rows, ${rows.width} columns` }));
    const { models, settled } = await fits(problem, mixing, [penalty], rest, exactly);
    if (!settled) {
      context.warn(
        "Its weights still changed after 2,000 rounds: classes can nearly be told apart; give a larger penalty.",
      );
    }
    return linearState({ design, linear: models[0]!, classes, penalty, mixing });
  },
  form: linearForm,
  predict: (state: LinearState, inputs) => predictLinear(state, inputs),
});

async function chosenPenalty(
  samples: Samples,
  problem: SoftmaxProblem,
  options: { readonly given: LogisticOptions["penalty"]; readonly mixing: number; readonly folds: number },
  { key, pause, warn }: LearnContext,
): Promise<number> {
  const { given, mixing, folds } = options;
  if (typeof given === "number") return given;
  const { rows, labels, weights } = problem;
  const penalties =
    largestFirst(given) ??
    (await defaultPenalties(problem, mixing, () => pause(() => ({ fraction: 0, text: "penalties" }))));
  const parts = foldsOf("logistic", samples, folds, key);
  const losses = new Float64Array(penalties.length);
  for (const [fold, { train, test }] of parts.entries()) {
    const rest = () =>
      pause(() => ({ fraction: (0.95 * fold) / parts.length, text: `fold ${fold + 1} of ${parts.length}` }));
    const own: SoftmaxProblem = {
      rows: someRows(rows, train),
      labels: Int32Array.from(train, (row) => labels[row]!),
      classes: problem.classes,
      ...(weights && { weights: Float64Array.from(train, (row) => weights[row]!) }),
    };
    const { models } = await fits(own, mixing, penalties, rest, roughly);
    for (const [p, linear] of models.entries()) {
      for (const row of test) losses[p]! += (weights?.[row] ?? 1) * logLoss(logitsOf(linear, rows, row), labels[row]!);
    }
  }
  const penalty = penalties[losses.indexOf(Math.min(...losses))]!;
  for (const sentence of atEdge(penalty, penalties, given !== undefined)) warn(sentence);
  return penalty;
}

async function defaultPenalties(problem: SoftmaxProblem, mixing: number, rest: Rest): Promise<number[]> {
  const { rows, weights } = problem;
  if (mixing > 0) return pathOf(rows, sparseSoftmax(problem).most(mixing), 30);
  const products = centred(rows, columnMeans(rows, weights), weights?.map(Math.sqrt));
  return multiples(await spectrumOf(products, rest), 11, 10, 1e-4);
}

/** A fit for each penalty, the largest first, and whether all of them got to where they were going. */
async function fits(
  problem: SoftmaxProblem,
  mixing: number,
  penalties: readonly number[],
  rest: Rest,
  stop: typeof exactly,
): Promise<{ readonly models: readonly Linear[]; readonly settled: boolean }> {
  if (mixing === 0) {
    // There each of two classes has weights, half of their difference each: their squares have half the sum of its.
    const factor = problem.classes === 2 ? 2 : 1;
    const { models } = await softmaxPath(
      "logistic",
      problem,
      () => penalties.map((each) => factor * each),
      rest,
      stop.slope,
    );
    return { models, settled: true };
  }
  const softmax = sparseSoftmax(problem);
  const models: Linear[] = [];
  let settled = true;
  for (const penalty of penalties) {
    settled = await softmax.settle({ penalty, mixing }, stop, rest);
    models.push(softmax.linear());
  }
  return { models, settled };
}
