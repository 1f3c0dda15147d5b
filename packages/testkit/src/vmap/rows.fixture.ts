// Rows of a case, stacked along any axis, and what a mapped function made of them, row by row.
import { allocate, type HostArray, sizeOf, stridesOf } from "@hooke/runtime";

/** The array with its elements moved on by `by` places: other values in every place, none that the case does not have. */
export function rolled(x: HostArray, by: number): HostArray {
  const data = x.data.slice();
  for (let i = 0; i < data.length; i++) data[(i + by) % data.length] = x.data[i]!;
  return { ...x, data } as HostArray;
}

/** Arrays of one shape stacked along a new axis. */
export function stacked(rows: readonly HostArray[], axis: number): HostArray {
  const { shape, dtype } = rows[0]!;
  const whole = shape.toSpliced(axis, 0, rows.length);
  const inner = sizeOf(shape.slice(axis));
  const data = allocate(dtype, sizeOf(whole));
  for (let i = 0; i < data.length; i++) {
    const row = Math.floor(i / inner) % rows.length;
    const outer = Math.floor(i / (inner * rows.length));
    data[i] = rows[row]!.data[outer * inner + (i % inner)]!;
  }
  return { shape: whole, dtype, data };
}

/** One row along the first axis. */
export function rowOf({ shape, dtype, data }: HostArray, row: number): HostArray {
  const size = stridesOf(shape)[0]!;
  return { shape: shape.slice(1), dtype, data: data.slice(row * size, (row + 1) * size) } as HostArray;
}

/** Other matrices with the same numbers on their diagonals: turned upside down for odd rows, and larger by the row. */
export function turned(x: HostArray, row: number): HostArray {
  const data = x.data.map((value) => value * (row + 1));
  return { ...x, data: row % 2 === 0 ? data : data.reverse() } as HostArray;
}
