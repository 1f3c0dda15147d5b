// Ridge regression in closed form, and what it would have said of each row had it been left out: by the hat matrix, exactly.
import { createPauses, fail } from "@hooke/runtime";
import type { Rows } from "../linear/rows.ts";
import { type Spectrum, spectrumOf, weightsOf } from "../linear/spectrum.ts";
import type { Linear } from "./linear-model.ts";

/** A ridge regression of scaled features on columns of targets. */
export interface Ridge extends Linear {
  /** The penalty that was chosen: of the squared weights, beside the sum of squared errors. */
  readonly penalty: number;
  /** Those that it was chosen from, largest first. */
  readonly penalties: readonly number[];
  /** `[rows, columns]`: each row as predicted without its group. */
  readonly leftOut: Float64Array;
}

/** What {@link ridge} fits. */
export interface RidgeProblem {
  /** With the mean 0 in each column. */
  readonly rows: Rows;
  /** `[rows, columns]`. */
  readonly targets: Float64Array;
  readonly columns: number;
  readonly penalties: (spectrum: Spectrum) => readonly number[];
  /** Rows that are left out together; together they are all rows. */
  readonly groups: readonly Int32Array[];
  readonly signal: AbortSignal | undefined;
}

/**
 * Chooses the penalty with the least squared error over the rows left out. Scaling stays that of all rows: it has seen the features of a row
 * left out, not its targets.
 */
export async function ridge(problem: RidgeProblem): Promise<Ridge> {
  const { rows, targets, columns, signal, groups } = problem;
  const { count } = rows;
  const spectrum = await spectrumOf(rows, signal);
  const pause = createPauses();
  const fitted = Array.from({ length: columns }, (_, c) => project(spectrum, column(targets, columns, c), count));
  const penalties = problem.penalties(spectrum);
  let best: { penalty: number; error: number; leftOut: Float64Array } | undefined;
  for (const penalty of penalties) {
    await pause();
    signal?.throwIfAborted();
    const leftOut = predictedWithout(spectrum, fitted, groups, penalty, count);
    let error = 0;
    for (let i = 0; i < leftOut.length; i++) error += (leftOut[i]! - targets[i]!) ** 2;
    // Of equal ones the larger penalty: penalties come largest first.
    if (Number.isFinite(error) && !(best && error >= best.error)) best = { penalty, error, leftOut };
  }
  if (best === undefined) {
    return fail("probe", "no penalty gives finite predictions of rows left out; give larger ones.", "non-finite");
  }
  const { penalty, leftOut } = best;
  const weights = fitted.map(({ along }) =>
    weightsOf(
      rows,
      spectrum,
      along.map((value, k) => value / (spectrum.values[k]! + penalty)),
    ),
  );
  return { penalty, penalties, leftOut, weights, bias: fitted.map(({ mean }) => mean) };
}

/** A column of targets: its mean, its coordinates along the directions, and what no direction explains. */
interface Projected {
  readonly mean: number;
  readonly centred: Float64Array;
  readonly along: Float64Array;
  readonly unexplained: Float64Array;
}

const column = (targets: Float64Array, columns: number, c: number): Float64Array =>
  Float64Array.from({ length: targets.length / columns }, (_, i) => targets[i * columns + c]!);

function project({ rank, left }: Spectrum, values: Float64Array, count: number): Projected {
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const centred = values.map((value) => value - mean);
  const along = new Float64Array(rank);
  const unexplained = centred.slice();
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < count; i++) along[k]! += left[k * count + i]! * centred[i]!;
  }
  // With a direction for every row but one they explain all there is; what rounding leaves is no residual.
  if (rank >= count - 1) return { mean, centred, along, unexplained: unexplained.fill(0) };
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < count; i++) unexplained[i]! -= along[k]! * left[k * count + i]!;
  }
  return { mean, centred, along, unexplained };
}

/**
 * `[rows, columns]`: the errors of a group g left out are `(I - H_gg)^-1` times its residuals, with the hat matrix
 * `H = 1/n + U diag(v / (v + penalty)) U^T`. Both are divided by the penalty, without which they vanish together.
 */
function predictedWithout(
  { rank, values, left }: Spectrum,
  fitted: readonly Projected[],
  groups: readonly Int32Array[],
  penalty: number,
  count: number,
): Float64Array {
  const columns = fitted.length;
  const shrink = values.map((value) => 1 / (value + penalty));
  const full = rank >= count - 1;
  const residuals = fitted.map(({ along, unexplained }) => {
    const residual = unexplained.map((value) => value / penalty);
    for (let k = 0; k < rank; k++) {
      const factor = along[k]! * shrink[k]!;
      for (let i = 0; i < count; i++) residual[i]! += factor * left[k * count + i]!;
    }
    return residual;
  });
  const leftOut = new Float64Array(count * columns);
  for (const group of groups) {
    const size = group.length;
    const matrix = new Float64Array(size * size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        const [i, j] = [group[a]!, group[b]!];
        let [inside, explained] = [0, 0];
        for (let k = 0; k < rank; k++) {
          const product = left[k * count + i]! * left[k * count + j]!;
          inside += product * shrink[k]!;
          explained += product;
        }
        matrix[a * size + b] = inside + (full ? 0 : ((a === b ? 1 : 0) - 1 / count - explained) / penalty);
      }
    }
    const solve = factorized(matrix, size);
    for (const [c, residual] of residuals.entries()) {
      const { mean, centred } = fitted[c]!;
      const errors = solve(Float64Array.from(group, (i) => residual[i]!));
      for (const [a, i] of group.entries()) leftOut[i * columns + c] = mean + centred[i]! - errors[a]!;
    }
  }
  return leftOut;
}

/** Solves with a symmetric positive matrix, given by its lower triangle, which is overwritten. NaN where it is not positive. */
function factorized(matrix: Float64Array, n: number): (right: Float64Array) => Float64Array {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= matrix[i * n + k]! * matrix[j * n + k]!;
      matrix[i * n + j] = j < i ? rest / matrix[j * n + j]! : rest > 0 ? Math.sqrt(rest) : Number.NaN;
    }
  }
  return (x) => {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i]! -= matrix[i * n + k]! * x[k]!;
      x[i]! /= matrix[i * n + i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i]! -= matrix[k * n + i]! * x[k]!;
      x[i]! /= matrix[i * n + i]!;
    }
    return x;
  };
}
