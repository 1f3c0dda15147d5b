// Ridge regression in closed form for any penalty, and what it would have said of each row had it been left out: by the hat matrix, exactly.
import { positiveSolver } from "@hooke/minimize";
import { fail } from "@hooke/runtime";
import type { Rest } from "./rest.ts";
import { centred, columnMeans, dot, type Linear, type Rows } from "./rows.ts";
import { type Spectrum, spectrumOf, weightsOf } from "./spectrum.ts";

/** What a ridge regression is fitted to. */
export interface RidgeProblem {
  readonly rows: Rows;
  /** `[rows, columns]`. */
  readonly targets: Float64Array;
  readonly columns: number;
  /** How much each row counts, above 0. Default 1 each. */
  readonly weights?: Float64Array;
}

/** A problem taken apart: every penalty follows from it. */
export interface RidgePath {
  readonly problem: RidgeProblem;
  readonly spectrum: Spectrum;
  /** Rows less their mean, times the roots of their weights. */
  readonly rows: Rows;
  readonly centre: Float64Array;
  /** Of each row, over their length: the direction of the intercept. */
  readonly roots: Float64Array;
  readonly fitted: readonly Projected[];
}

/** A column of targets: its mean, its coordinates along the directions, and what no direction explains. */
interface Projected {
  readonly mean: number;
  /** Less the mean, times the roots of the weights. */
  readonly deviations: Float64Array;
  readonly along: Float64Array;
  readonly unexplained: Float64Array;
}

/** Takes a problem apart. @throws what `rest` throws */
export async function ridgePath(problem: RidgeProblem, rest: Rest): Promise<RidgePath> {
  const { rows: given, targets, columns, weights } = problem;
  const { count } = given;
  const roots = weights === undefined ? new Float64Array(count).fill(1) : weights.map(Math.sqrt);
  const centre = columnMeans(given, weights);
  const rows = centred(given, centre, roots);
  const spectrum = await spectrumOf(rows, rest);
  const all = { count, width: columns, data: targets };
  const means = columnMeans(all, weights);
  const deviations = centred(all, means, roots).data;
  const fitted = Array.from(means, (mean, c) =>
    project(
      spectrum,
      mean,
      Float64Array.from({ length: count }, (_, i) => deviations[i * columns + c]!),
    ),
  );
  const length = Math.sqrt(dot(roots, roots));
  return { problem, spectrum, rows, centre, roots: roots.map((root) => root / length), fitted };
}

/** Makes the weighted sum of squared errors and `penalty` times that of squared weights least. At 0 the shortest of equal solutions. */
export function ridgeAt({ rows, spectrum, centre, fitted }: RidgePath, penalty: number): Linear {
  const weights = fitted.map(({ along }) =>
    weightsOf(
      rows,
      spectrum,
      along.map((value, k) => value / (spectrum.values[k]! + penalty)),
    ),
  );
  return { weights, bias: fitted.map(({ mean }, c) => mean - dot(weights[c]!, centre)) };
}

/** The best of some penalties. */
export interface ChosenPenalty {
  readonly penalty: number;
  /** `[rows, columns]`: each row as predicted without its group. */
  readonly leftOut: Float64Array;
}

/**
 * The penalty with the least squared error, weighted, over rows left out. The scaling of the rows stays that of all of them: it has seen the
 * inputs of a row left out, not its targets.
 *
 * @param penalties above 0, largest first: of equal ones the first is chosen
 * @param groups rows that are left out together; together they are all rows. Default: each by itself
 */
export async function bestLeftOut(
  who: string,
  path: RidgePath,
  penalties: readonly number[],
  rest: Rest,
  groups?: readonly Int32Array[],
): Promise<ChosenPenalty> {
  const { targets, columns, weights, rows } = path.problem;
  const parts = groups ?? Array.from({ length: rows.count }, (_, row) => Int32Array.of(row));
  let best: (ChosenPenalty & { readonly error: number }) | undefined;
  for (const penalty of penalties) {
    await rest();
    const leftOut = predictedWithout(path, parts, penalty);
    let error = 0;
    for (let i = 0; i < leftOut.length; i++) {
      error += (weights?.[Math.floor(i / columns)] ?? 1) * (leftOut[i]! - targets[i]!) ** 2;
    }
    if (Number.isFinite(error) && !(best && error >= best.error)) best = { penalty, error, leftOut };
  }
  return best ?? fail(who, "no penalty gives finite predictions of rows left out; give larger ones.", "non-finite");
}

function project({ rank, left }: Spectrum, mean: number, deviations: Float64Array): Projected {
  const count = deviations.length;
  const along = new Float64Array(rank);
  const unexplained = deviations.slice();
  for (let k = 0; k < rank; k++) along[k] = dot(deviations, left, k * count);
  // With a direction for every row but one they explain all there is; what rounding leaves is no residual.
  if (rank >= count - 1) return { mean, deviations, along, unexplained: unexplained.fill(0) };
  for (let k = 0; k < rank; k++) {
    for (let i = 0; i < count; i++) unexplained[i]! -= along[k]! * left[k * count + i]!;
  }
  return { mean, deviations, along, unexplained };
}

/**
 * `[rows, columns]`: the errors of a group g left out are `(I - H_gg)^-1` times its residuals, with the hat matrix
 * `H = r r^T + U diag(v / (v + penalty)) U^T` of rows times the roots of their weights, `r` being the roots over their length. Both are divided
 * by the penalty, without which they vanish together.
 */
function predictedWithout(
  { spectrum, fitted, roots, problem }: RidgePath,
  groups: readonly Int32Array[],
  penalty: number,
): Float64Array {
  const { rank, values, left } = spectrum;
  const { count } = problem.rows;
  const columns = fitted.length;
  const shrink = values.map((value) => 1 / (value + penalty));
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
    const solve =
      group.length > rank + 1
        ? manyLeftOut(spectrum, roots, group, penalty)
        : fewLeftOut(spectrum, roots, group, penalty, shrink);
    for (const [c, residual] of residuals.entries()) {
      const { mean, deviations } = fitted[c]!;
      const own = new Float64Array(group.length);
      for (let a = 0; a < group.length; a++) own[a] = residual[group[a]!]!;
      const errors = solve(own);
      for (let a = 0; a < group.length; a++) {
        const i = group[a]!;
        const root = problem.weights === undefined ? 1 : Math.sqrt(problem.weights[i]!);
        leftOut[i * columns + c] = mean + (deviations[i]! - errors[a]!) / root;
      }
    }
  }
  return leftOut;
}

/** `((I - H_gg) / penalty)^-1`, by the matrix of a group; `shrink` is `1 / (values + penalty)`. */
function fewLeftOut(
  { rank, left }: Spectrum,
  roots: Float64Array,
  group: Int32Array,
  penalty: number,
  shrink: Float64Array,
): Solve {
  const count = roots.length;
  const full = rank >= count - 1;
  const size = group.length;
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      const i = group[a]!;
      const j = group[b]!;
      let inside = 0;
      let explained = roots[i]! * roots[j]!;
      for (let k = 0; k < rank; k++) {
        const product = left[k * count + i]! * left[k * count + j]!;
        inside += product * shrink[k]!;
        explained += product;
      }
      matrix[a * size + b] = inside + (full ? 0 : ((a === b ? 1 : 0) - explained) / penalty);
    }
  }
  return positiveSolver(matrix, size) ?? unsolvable;
}

/**
 * The same for groups of more rows than there are directions: with `B` the rows' parts of the directions and `H_gg = B D B^T`, it is
 * `penalty (I + B (D^-1 - B^T B)^-1 B^T)` (Woodbury).
 */
function manyLeftOut({ rank, values, left }: Spectrum, roots: Float64Array, group: Int32Array, penalty: number): Solve {
  const count = roots.length;
  const size = rank + 1;
  const directions = Array.from({ length: size }, (_, k) =>
    Float64Array.from(group, (row) => (k < rank ? left[k * count + row]! : roots[row]!)),
  );
  const matrix = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) matrix[a * size + b] = -dot(directions[a]!, directions[b]!, 0);
    matrix[a * size + a]! += a < rank ? (values[a]! + penalty) / values[a]! : 1;
  }
  const inner = positiveSolver(matrix, size) ?? unsolvable;
  return (x) => {
    const along = inner(Float64Array.from(directions, (direction) => dot(direction, x, 0)));
    return x.map((value, i) => {
      let sum = value;
      for (let k = 0; k < size; k++) sum += directions[k]![i]! * along[k]!;
      return penalty * sum;
    });
  };
}

type Solve = (right: Float64Array) => Float64Array;

/** Of a matrix that is not positive. */
const unsolvable: Solve = (right) => right.map(() => Number.NaN);
