// Quantiles of Student's t distribution, for whole numbers of degrees of freedom.

/**
 * The `t` that lies between `-t` and `t` with a probability: the half-width of an interval in standard errors. The finite sums of
 * Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4, whose terms are positive, inverted by bisection;
 * for infinitely many degrees of freedom, the normal distribution, by their 7.1.6.
 *
 * @param probability above 0 and below 1
 * @param degrees a whole number from 1, or Infinity
 */
export function studentQuantile(probability: number, degrees: number): number {
  const within = (t: number) => studentWithin(t, degrees);
  let [low, high] = [0, 1];
  while (within(high) < probability) [low, high] = [high, 2 * high];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (within(middle) < probability) low = middle;
    else high = middle;
  }
}

/**
 * The probability that a number of Student's distribution lies between `-t` and `t`.
 *
 * @param t at least 0
 * @param degrees a whole number from 1, or Infinity
 */
export function studentWithin(t: number, degrees: number): number {
  if (degrees === Infinity) return normalWithin(t);
  const odd = degrees % 2 === 1;
  const angle = Math.atan(t / Math.sqrt(degrees));
  const square = degrees / (degrees + t * t);
  const sine = t / Math.sqrt(degrees + t * t);
  let term = odd ? Math.sqrt(square) : 1;
  let total = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k <= degrees - 2 && term > total * 1e-18; k += 2) {
    term *= ((k - 1) / k) * square;
    total += term;
  }
  // Roundings of the terms may add up to more than all.
  return Math.min(1, odd ? (2 / Math.PI) * (angle + sine * total) : sine * total);
}

/** The probability of `|Z| < z` of a normal distribution. */
function normalWithin(z: number): number {
  let term = z;
  let total = z;
  for (let k = 3; term > total * 1e-18; k += 2) {
    term *= (z * z) / k;
    total += term;
  }
  return Math.sqrt(2 / Math.PI) * Math.exp((-z * z) / 2) * total;
}
