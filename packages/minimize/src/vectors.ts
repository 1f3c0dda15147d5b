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
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]!));
  return most;
}

/** `a - b`. */
export function difference(a: Vector, b: Vector): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!;
  return result;
}

/** `-a`. */
export function negated(a: Vector): Float64Array {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) result[i] = -a[i]!;
  return result;
}

/** `to += weight x`. */
export function addTo(to: Vector, weight: number, x: Vector): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + weight * x[i]!;
}

/** `at + step * direction`, rounded to the dtype of `at`. */
export function moved(at: Vector, step: number, direction: Vector): Vector {
  const next = at.slice();
  addTo(next, step, direction);
  return next;
}
