// The orthogonal decomposition of a tall matrix whose columns may depend on each other, on the host.
import { largest, type Vector } from "./vectors.ts";

/** `J D^-1 P = Q R`: columns of length 1, in the order of `pivots`. */
export interface PivotedQr {
  /** Lengths of the columns. */
  readonly lengths: Float64Array;
  /** Which column stands where. */
  readonly pivots: Int32Array;
  /** How many columns depend on none before them. */
  readonly rank: number;
  /** Upper triangular, `[size, size]`, row by row. */
  readonly upper: Float64Array;
}

/**
 * Householder's reflections with the longest remaining column first (Businger and Golub 1965). Columns are scaled to length 1 before, so that
 * units do not decide what depends on what.
 *
 * @param matrix `[rows, size]`, row by row
 * @param epsilon what counts as nothing, for each row or column
 */
export function pivotedQr(matrix: Vector, rows: number, size: number, epsilon: number): PivotedQr {
  const lengths = new Float64Array(size);
  const columns = Array.from({ length: size }, (_, j) => {
    const column = Float64Array.from({ length: rows }, (_, i) => matrix[i * size + j]!);
    // Squares of the largest neither over- nor underflow.
    const scale = largest(column) || 1;
    const length = lengthFrom(
      column.map((value) => value / scale),
      0,
    );
    lengths[j] = scale * length;
    return length > 0 ? column.map((value) => value / scale / length) : column;
  });
  const pivots = Int32Array.from(columns, (_, j) => j);
  const upper = new Float64Array(size * size);
  const least = epsilon * Math.max(rows, size);
  let rank = 0;
  for (; rank < Math.min(rows, size); rank++) {
    let [longest, most] = [rank, -1];
    for (let j = rank; j < size; j++) {
      const rest = lengthFrom(columns[j]!, rank);
      if (rest > most) [longest, most] = [j, rest];
    }
    if (!(most > least)) break;
    [columns[rank], columns[longest]] = [columns[longest]!, columns[rank]!];
    [pivots[rank], pivots[longest]] = [pivots[longest]!, pivots[rank]!];
    for (let i = 0; i < rank; i++) {
      const [a, b] = [i * size + rank, i * size + longest];
      [upper[a], upper[b]] = [upper[b]!, upper[a]!];
    }
    const v = columns[rank]!;
    const diagonal = v[rank]! > 0 ? -most : most;
    v[rank]! -= diagonal;
    const half = most * (most + Math.abs(v[rank]! + diagonal));
    for (let j = rank + 1; j < size; j++) {
      const column = columns[j]!;
      let product = 0;
      for (let i = rank; i < rows; i++) product += v[i]! * column[i]!;
      for (let i = rank; i < rows; i++) column[i]! -= (product / half) * v[i]!;
      upper[rank * size + j] = column[rank]!;
    }
    upper[rank * size + rank] = diagonal;
  }
  return { lengths, pivots, rank, upper };
}

function lengthFrom(column: Float64Array, first: number): number {
  let total = 0;
  for (let i = first; i < column.length; i++) total += column[i]! ** 2;
  return Math.sqrt(total);
}
