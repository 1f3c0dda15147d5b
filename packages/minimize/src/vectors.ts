// Arithmetic of flat vectors on the host, in double precision.

/** The elements of a vector as a backend holds them. */
export type Vector = Float64Array | Float32Array;

/** The inner product. */
export function dot(a: Vector, b: Vector): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/** The largest magnitude; NaN if one is NaN. */
export function largest(a: Vector): number {
  let most = 0;
  for (const value of a) {
    const size = Math.abs(value);
    if (!(size <= most)) most = size;
    if (Number.isNaN(size)) return size;
  }
  return most;
}

/** `a - b`. */
export function difference(a: Vector, b: Vector): Float64Array {
  return Float64Array.from(a, (value, i) => value - b[i]!);
}

/** `-a`. */
export function negated(a: Vector): Float64Array {
  return Float64Array.from(a, (value) => -value);
}

/** `at + step * direction`, rounded to the dtype of `at`. */
export function moved(at: Vector, step: number, direction: Vector): Vector {
  const next = at.slice();
  for (let i = 0; i < next.length; i++) next[i] = at[i]! + step * direction[i]!;
  return next;
}
