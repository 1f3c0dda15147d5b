// The error function in double precision, for the reference interpreter.

/** `2 / sqrt(pi)`, rounded once. */
const scale = 1.1283791670955126;

/**
 * `erf(x)` to 2 units in the last place: up to 1 by its power series (Abramowitz & Stegun 7.1.5), from the smallest term that counts,
 * elsewhere by the continued fraction of `erfc` (7.1.14), which is small beside 1.
 */
export function errorFunction(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  const square = x * x;
  if (size > 6) return Math.sign(x);
  if (size > 1) {
    let fraction = 1;
    for (let n = 200; n > 0; n--) fraction = 1 + n / (2 * square) / fraction;
    return Math.sign(x) * (1 - ((scale / 2) * Math.exp(-square)) / (size * fraction));
  }
  let total = 0;
  for (let n = 25; n >= 0; n--) total = 1 / (2 * n + 1) - (square / (n + 1)) * total;
  return scale * x * total;
}
