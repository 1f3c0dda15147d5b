// Multinomial logistic regression with a penalty on squared weights, in f64 on the host, by L-BFGS.
import { lbfgs, minimize, type Objective } from "@hooke/minimize";
import { fail, referenceBackend } from "@hooke/runtime";
import type { Rows } from "../linear/rows.ts";
import { type Spectrum, spectrumOf, weightsOf } from "../linear/spectrum.ts";
import type { Linear } from "./linear-model.ts";

/**
 * Makes the sum of cross-entropies and `penalty / 2` times that of squared weights small, scikit-learn's with `C = 1 / penalty`. Of two
 * classes, too, each has weights: their difference is what one vector with half the penalty would be.
 *
 * @param rows with the mean 0 in each column
 * @param labels from 0 to `classes - 1`
 * @param choices penalties: one fit each, which begins where the one before ended
 * @throws the signal's reason if it is aborted
 */
export async function logistic(
  rows: Rows,
  labels: ArrayLike<number>,
  classes: number,
  choices: (spectrum: Spectrum) => readonly number[],
  signal?: AbortSignal,
): Promise<{ readonly penalties: readonly number[]; readonly models: readonly Linear[] }> {
  const spectrum = await spectrumOf(rows, signal);
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
    const objective = crossEntropies(coordinates, labels, { rank, count, classes, penalty, start });
    const { parameters, reason, message } = await minimize({
      objective,
      method: lbfgs({ memory: 20 }),
      tolerance: 1e-10,
      maxIterations: 2000,
      ...(signal && { signal }),
    });
    signal?.throwIfAborted();
    if (reason === "non-finite") fail("probe", message, "non-finite");
    start = parameters as Float64Array<ArrayBuffer>;
    const of = (c: number): Float64Array =>
      weightsOf(
        rows,
        spectrum,
        Float64Array.from({ length: rank }, (_, k) => start[k * classes + c]! / Math.sqrt(values[k]!)),
      );
    models.push({
      weights: Array.from({ length: classes }, (_, c) => of(c)),
      bias: [...start.subarray(rank * classes)],
    });
  }
  return { penalties, models };
}

interface Problem {
  readonly rank: number;
  readonly count: number;
  readonly classes: number;
  readonly penalty: number;
  readonly start: Float64Array;
}

/** Divided by the number of rows. The vector: `[rank, classes]` weights, then the bias. */
function crossEntropies(
  coordinates: Float64Array,
  labels: ArrayLike<number>,
  { rank, count, classes, penalty, start }: Problem,
): Objective<Float64Array> {
  const size = (rank + 1) * classes;
  const same = (vector: unknown): Float64Array => vector as Float64Array;
  return {
    backend: referenceBackend(),
    dtype: "f64",
    size,
    start,
    flatten: same,
    unflatten: same,
    write: () => {},
    free: () => {},
    async evaluate(at) {
      const logits = logitsOf(coordinates, at as Float64Array, { rank, count, classes });
      const gradient = new Float64Array(size);
      let value = 0;
      for (let i = 0; i < count; i++) {
        const row = logits.subarray(i * classes, (i + 1) * classes);
        const label = labels[i]!;
        const largest = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
        let total = 0;
        for (const logit of row) total += Math.exp(logit - largest);
        value += largest + Math.log(total) - row[label]!;
        // The logits become the differences between probabilities and truth.
        for (let c = 0; c < classes; c++) row[c] = Math.exp(row[c]! - largest) / total;
        row[label]! -= 1;
        for (let c = 0; c < classes; c++) gradient[rank * classes + c]! += row[c]! / count;
      }
      for (let k = 0; k < rank; k++) {
        for (let i = 0; i < count; i++) {
          const coordinate = coordinates[k * count + i]! / count;
          for (let c = 0; c < classes; c++) gradient[k * classes + c]! += coordinate * logits[i * classes + c]!;
        }
      }
      for (let j = 0; j < rank * classes; j++) {
        value += (penalty / 2) * at[j]! ** 2;
        gradient[j]! += (penalty / count) * at[j]!;
      }
      return { value: value / count, gradient };
    },
  };
}

function logitsOf(
  coordinates: Float64Array,
  at: Float64Array,
  { rank, count, classes }: Pick<Problem, "rank" | "count" | "classes">,
): Float64Array {
  const logits = new Float64Array(count * classes);
  for (let i = 0; i < count; i++) for (let c = 0; c < classes; c++) logits[i * classes + c] = at[rank * classes + c]!;
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < count; i++) {
      const coordinate = coordinates[k * count + i]!;
      for (let c = 0; c < classes; c++) logits[i * classes + c]! += coordinate * at[k * classes + c]!;
    }
  }
  return logits;
}
