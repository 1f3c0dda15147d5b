// Ridge regression as a method: a penalty on squared weights, chosen by what it predicts of rows left out.
import { fail } from "@hooke/runtime";
import { membersOf } from "../folds/folds.ts";
import { defineMethod } from "../method/define-method.ts";
import type { LearnContext } from "../method/method.ts";
import { countedSamples, type NumberTarget, type Samples } from "../method/samples.ts";
import { designRows, type LinearState, linearForm, linearState, predictLinear, termRows } from "./linear-state.ts";
import { penaltyCheck } from "./options.ts";
import { atEdge, largestFirst, multiples } from "./penalties.ts";
import { bestLeftOut, ridgeAt, ridgePath } from "./ridge-fit.ts";
import { centred, columnMeans, type Linear, type Rows } from "./rows.ts";

/** Options of {@link ridge} and {@link quadraticRidge}. */
export interface RidgeOptions {
  /**
   * Of the sum of squared weights of the scaled inputs, beside the sum of squared errors: scikit-learn's `alpha`. Of a list, the one with the
   * least squared error over rows left out. Default: of 61, from 1e-8 to 1e4 times the mean eigenvalue of the inputs' products.
   */
  readonly penalty?: number | readonly number[];
}

/**
 * Ridge regression (Hoerl and Kennard, Technometrics 12, 1970). All penalties follow from one eigen-decomposition, and so does, exactly, what
 * each would have said of a row, or of a group of rows, had it been left out. Numbers are scaled by their standard deviation, categories are 0/1.
 *
 * @example
 * ```ts
 * import { coefficients, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const table = tableOf({ carbon: [0.1, 0.2, 0.3, 0.4], strength: [310, 341, 372, 403] });
 * const fitted = await ridge({ penalty: 0 }).fit(table, "strength");
 * const { intercept, terms } = coefficients(fitted)[0]!;
 * console.log(intercept.toFixed(3), terms[0]!.value.toFixed(3)); // 279.000 310.000
 * ```
 */
export const ridge = /* @__PURE__ */ defineMethod({
  name: "ridge",
  tasks: ["regression"],
  options: { optional: { penalty: penaltyCheck } },
  learn: async (given, options: RidgeOptions, context) => {
    const samples = countedSamples(given);
    const { design, rows } = designRows("ridge", samples, context.warn);
    const { linear, penalty } = await fitRidge("ridge", rows, samples, options, context);
    return linearState({ design, linear, penalty, mixing: 0 });
  },
  form: linearForm,
  predict: (state: LinearState, inputs) => predictLinear(state, inputs),
});

/** Columns beyond which terms are many, and beyond which they are too many. */
const [many, tooMany] = [30, 64];

/**
 * Ridge regression on inputs, their squares and their products: a response surface, which can be written on paper. Terms are scaled by their
 * standard deviation. Above 30 columns, of which categories have one each, it warns.
 *
 * @throws above 64 columns
 */
export const quadraticRidge = /* @__PURE__ */ defineMethod({
  name: "quadraticRidge",
  tasks: ["regression"],
  options: { optional: { penalty: penaltyCheck } },
  learn: async (given, options: RidgeOptions, context) => {
    const who = "quadraticRidge";
    const samples = countedSamples(given);
    const { design, rows } = designRows(who, samples, context.warn);
    const { width } = rows;
    if (width > tooMany) {
      const cure = `name ${tooMany} or fewer by inputs, or take ridge`;
      fail(who, `received ${width} columns, which have ${(width * (width + 3)) / 2} terms; ${cure}.`, "unsupported");
    }
    const products = productsOf(rows);
    const terms = termRows(design, products, samples);
    if (width > many)
      context.warn(`${width} columns make ${terms.width} terms of ${rows.count} rows: few are certain.`);
    const scales = deviations(terms, samples.weights);
    const scaled = terms.data.map((value, i) => value / scales[i % terms.width]!);
    const { linear, penalty } = await fitRidge(who, { ...terms, data: scaled }, samples, options, context);
    const weights = linear.weights.map((each) => each.map((weight, j) => weight / scales[j]!));
    return linearState({ design, products, linear: { ...linear, weights }, penalty, mixing: 0 });
  },
  form: linearForm,
  predict: (state: LinearState, inputs) => predictLinear(state, inputs),
});

async function fitRidge(
  who: string,
  rows: Rows,
  samples: Samples,
  { penalty }: RidgeOptions,
  { pause, warn }: LearnContext,
): Promise<{ readonly linear: Linear; readonly penalty: number }> {
  const { target, weights } = samples;
  const rest = () => pause(() => ({ fraction: 0.5, text: `${rows.count} rows, ${rows.width} terms` }));
  const problem = { rows, targets: (target as NumberTarget).values, columns: 1, ...(weights && { weights }) };
  const path = await ridgePath(problem, rest);
  if (typeof penalty === "number") return { linear: ridgeAt(path, penalty), penalty };
  const given = largestFirst(penalty);
  const penalties = given ?? multiples(path.spectrum, 61, 1e4, 1e-8);
  const best = await bestLeftOut(who, path, penalties, rest, membersOf(samples));
  for (const sentence of atEdge(best.penalty, penalties, given !== undefined)) warn(sentence);
  return { linear: ridgeAt(path, best.penalty), penalty: best.penalty };
}

/** Pairs of columns whose product says more than they do: it is neither the same in every row nor, of 0/1 columns, the column itself. */
function productsOf({ count, width, data }: Rows): Int32Array {
  const pairs: number[] = [];
  for (let a = 0; a < width; a++) {
    for (let b = a; b < width; b++) {
      const first = data[a]! * data[b]!;
      let [same, itself] = [true, a === b];
      for (let at = 0; at < count * width; at += width) {
        const product = data[at + a]! * data[at + b]!;
        same &&= product === first;
        itself &&= product === data[at + a];
      }
      if (!same && !itself) pairs.push(a, b);
    }
  }
  return Int32Array.from(pairs);
}

/** Standard deviations of columns, 1 where all is one. */
function deviations(rows: Rows, weights: Float64Array | undefined): Float64Array {
  const { data } = centred(rows, columnMeans(rows, weights));
  const variances = columnMeans({ ...rows, data: data.map((value) => value ** 2) }, weights);
  return variances.map((variance) => Math.sqrt(variance) || 1);
}
