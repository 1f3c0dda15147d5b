// Multinomial logistic regression with a penalty on squared weights, in f64 on the host, by L-BFGS.
import { lbfgs, minimize, type Objective } from "@hooke/minimize";
import { fail, referenceBackend } from "@hooke/runtime";
import type { Rest } from "./rest.ts";
import { centred, columnMeans, dot, type Linear, type Rows } from "./rows.ts";
import { type Spectrum, spectrumOf, weightsOf } from "./spectrum.ts";

/** What a logistic regression is fitted to. */
export interface SoftmaxProblem {
  readonly rows: Rows;
  /** From 0 to `classes - 1`. */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** How much each row counts. Default 1 each. */
  readonly weights?: Float64Array;
}

/** A fit for each of some penalties. */
export interface SoftmaxPath {
  readonly penalties: readonly number[];
  readonly models: readonly Linear[];
}

/**
 * Makes the weighted sum of cross-entropies and `penalty / 2` times that of squared weights small, scikit-learn's with `C = 1 / penalty`. Of two
 * classes, too, each has weights: their difference is what one vector with half the penalty would be.
 *
 * @param choices penalties: one fit each, which begins where the one before ended
 * @param tolerance of the largest slope, per weight of all rows, at which a fit ends
 * @throws what `rest` throws
 */
export async function softmaxPath(
  who: string,
  problem: SoftmaxProblem,
  choices: (spectrum: Spectrum) => readonly number[],
  rest: Rest,
  tolerance = 1e-10,
): Promise<SoftmaxPath> {
  const { classes } = problem;
  const centre = columnMeans(problem.rows);
  const rows = centred(problem.rows, centre);
  const spectrum = await spectrumOf(rows, rest);
  // Weights are combinations of rows: along the directions there are fewer of them, and their squares have the same sum.
  const { rank, values, left } = spectrum;
  const { count } = rows;
  const coordinates = new Float64Array(rank * count);
  for (let k = 0; k < rank; k++) {
    const size = Math.sqrt(values[k]!);
    for (let i = 0; i < count; i++) coordinates[k * count + i] = size * left[k * count + i]!;
  }
  const penalties = choices(spectrum);
  const models: Linear[] = [];
  let start = new Float64Array((rank + 1) * classes);
  for (const penalty of penalties) {
    const objective = crossEntropies(coordinates, problem, { rank, penalty, start });
    const { parameters, reason, message } = await minimize({
      objective,
      method: lbfgs({ memory: 20 }),
      tolerance,
      maxIterations: 2000,
      onStep: () => rest(),
    });
    if (reason === "non-finite") fail(who, message, "non-finite");
    start = parameters as Float64Array<ArrayBuffer>;
    const weights = Array.from({ length: classes }, (_, c) =>
      weightsOf(
        rows,
        spectrum,
        Float64Array.from({ length: rank }, (_, k) => start[k * classes + c]! / Math.sqrt(values[k]!)),
      ),
    );
    models.push({ weights, bias: weights.map((each, c) => start[rank * classes + c]! - dot(each, centre)) });
  }
  return { penalties, models };
}

/** Divided by the weight of all rows. The vector: `[rank, classes]` weights, then the bias. */
function crossEntropies(
  coordinates: Float64Array,
  { rows: { count }, labels, classes, weights }: SoftmaxProblem,
  { rank, penalty, start }: { readonly rank: number; readonly penalty: number; readonly start: Float64Array },
): Objective<Float64Array> {
  const size = (rank + 1) * classes;
  const total = weights === undefined ? count : weights.reduce((sum, weight) => sum + weight, 0);
  const same = (vector: unknown): Float64Array => vector as Float64Array;
  return {
    backend: referenceBackend(),
    dtype: "f64",
    noise: 0,
    size,
    start,
    flatten: same,
    unflatten: same,
    write: () => {},
    free: () => {},
    async evaluate(at) {
      const errors = logitsOf(coordinates, at as Float64Array, { rank, count, classes });
      const gradient = new Float64Array(size);
      const row = new Float64Array(classes);
      let value = 0;
      for (let i = 0; i < count; i++) {
        for (let c = 0; c < classes; c++) row[c] = errors[c * count + i]!;
        const share = (weights?.[i] ?? 1) / total;
        value += share * logLoss(row, labels[i]!);
        // The logits become the differences between probabilities and truth.
        softmaxInPlace(row);
        row[labels[i]!]! -= 1;
        for (let c = 0; c < classes; c++) {
          errors[c * count + i] = share * row[c]!;
          gradient[rank * classes + c]! += share * row[c]!;
        }
      }
      for (let k = 0; k < rank; k++) {
        for (let c = 0; c < classes; c++) {
          let slope = 0;
          for (let i = 0, p = k * count, q = c * count; i < count; i++) slope += coordinates[p++]! * errors[q++]!;
          gradient[k * classes + c] = slope;
        }
      }
      for (let j = 0; j < rank * classes; j++) {
        value += (penalty / 2 / total) * at[j]! ** 2;
        gradient[j]! += (penalty / total) * at[j]!;
      }
      return { value, gradient };
    },
  };
}

/** The cross-entropy of one row of logits. */
export function logLoss(logits: Float64Array, label: number): number {
  let largest = logits[0]!;
  for (let c = 1; c < logits.length; c++) largest = Math.max(largest, logits[c]!);
  let sum = 0;
  for (let c = 0; c < logits.length; c++) sum += Math.exp(logits[c]! - largest);
  return largest + Math.log(sum) - logits[label]!;
}

/** One row of logits to probabilities. */
export function softmaxInPlace(logits: Float64Array): void {
  let largest = logits[0]!;
  for (let c = 1; c < logits.length; c++) largest = Math.max(largest, logits[c]!);
  let total = 0;
  for (let c = 0; c < logits.length; c++) {
    logits[c] = Math.exp(logits[c]! - largest);
    total += logits[c]!;
  }
  for (let c = 0; c < logits.length; c++) logits[c]! /= total;
}

/** `[classes, rows]`. */
function logitsOf(
  coordinates: Float64Array,
  at: Float64Array,
  { rank, count, classes }: { readonly rank: number; readonly count: number; readonly classes: number },
): Float64Array {
  const logits = new Float64Array(count * classes);
  for (let c = 0; c < classes; c++) {
    logits.fill(at[rank * classes + c]!, c * count, (c + 1) * count);
    for (let k = 0; k < rank; k++) {
      const weight = at[k * classes + c]!;
      for (let i = 0, p = k * count, q = c * count; i < count; i++) logits[q++]! += weight * coordinates[p++]!;
    }
  }
  return logits;
}
