// Differences along the steps of an axis, added up: a curve whose mean over the rows is 0.
import { type Axis, stepsOf, valueAt } from "./axes.ts";

/** Of each row and step that it says something of: by how much a function changes from one end of the step to the other. */
export interface Differences {
  readonly rows: Int32Array;
  readonly steps: Int32Array;
  readonly values: Float64Array;
}

/** The rows of an axis with their steps. */
export function rowsBySteps(axis: Axis, rowCount: number): { readonly rows: Int32Array; readonly steps: Int32Array } {
  const rows: number[] = [];
  const steps: number[] = [];
  for (let row = 0; row < rowCount; row++) {
    for (const step of stepsOf(axis, row)) {
      rows.push(row);
      steps.push(step);
    }
  }
  return { rows: Int32Array.from(rows), steps: Int32Array.from(steps) };
}

/** Weighted means by step. Where no row counts, `instead` stands, 0 by default. */
export function meansByStep(
  { rows, steps, values }: Differences,
  count: number,
  weights: Float64Array,
  instead?: Float64Array,
): Float64Array {
  const sums = new Float64Array(count);
  const totals = new Float64Array(count);
  for (let i = 0; i < rows.length; i++) {
    const weight = weights[rows[i]!]!;
    sums[steps[i]!]! += weight * values[i]!;
    totals[steps[i]!]! += weight;
  }
  return sums.map((sum, step) => (totals[step]! > 0 ? sum / totals[step]! : (instead?.[step] ?? 0)));
}

/** The curve of mean differences, at the values of the axis. */
export function curveOf(axis: Axis, means: Float64Array, weights: Float64Array): Float64Array {
  const curve = new Float64Array(axis.at.length);
  for (const [step, mean] of means.entries()) curve[step + 1] = curve[step]! + mean;
  const level = meanOver(axis, curve, weights);
  return curve.map((value) => value - level);
}

/** The mean over rows whose cell is not missing. */
function meanOver(axis: Axis, curve: Float64Array, weights: Float64Array): number {
  let [sum, total] = [0, 0];
  for (let row = 0; row < weights.length; row++) {
    if (axis.place[row]! < 0 || weights[row] === 0) continue;
    sum += weights[row]! * valueAt(axis, curve, row);
    total += weights[row]!;
  }
  return sum / total;
}
