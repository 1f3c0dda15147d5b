// Rows of numbers, and taking from them their mean and their weights.

/** Rows of numbers, `[count, width]`. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** A linear function of rows by output: `bias + weights x`. */
export interface Linear {
  readonly weights: readonly Float64Array[];
  readonly bias: readonly number[];
}

/** Some of the rows, in that order. */
export function someRows({ width, data }: Rows, rows: ArrayLike<number>): Rows {
  const some = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) some.set(data.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  return { count: rows.length, width, data: some };
}

/** The mean of each column, where row `i` counts `weights[i]` times; 1 each where there are none. */
export function columnMeans({ count, width, data }: Rows, weights?: Float64Array): Float64Array {
  const sums = new Float64Array(width);
  let total = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights?.[i] ?? 1;
    total += weight;
    for (let j = 0, at = i * width; j < width; j++, at++) sums[j]! += weight * data[at]!;
  }
  return sums.map((sum) => sum / total);
}

/** Rows less a row, each times its factor. */
export function centred({ count, width, data }: Rows, centre: Float64Array, factors?: Float64Array): Rows {
  const moved = new Float64Array(data.length);
  for (let i = 0; i < count; i++) {
    const factor = factors?.[i] ?? 1;
    for (let j = 0, at = i * width; j < width; j++, at++) moved[at] = factor * (data[at]! - centre[j]!);
  }
  return { count, width, data: moved };
}

/** What a row of weights says of a row of numbers. */
export function dot(a: Float64Array, b: Float64Array, from = 0): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[from + j]!;
  return sum;
}
