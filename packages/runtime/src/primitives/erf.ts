// The error function in double precision, for the reference interpreter.

/**
 * `erf(x)`: near zero by the series of positive terms `2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!`
 * (Abramowitz & Stegun 7.1.6), elsewhere by the continued fraction of `erfc` (7.1.14); neither loses digits to cancellation.
 */
export function errorFunction(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size > 2) {
    let fraction = 1;
    for (let n = 200; n > 0; n--) fraction = 1 + n / (2 * x * x) / fraction;
    return Math.sign(x) * (1 - Math.exp(-x * x) / (size * Math.sqrt(Math.PI) * fraction));
  }
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return ((2 * total) / Math.sqrt(Math.PI)) * Math.exp(-x * x);
}
