// Gauss-Legendre quadrature on [0, 1]: exact for polynomials of degree up to 2 n - 1.

export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Points and weights. The roots of each Legendre polynomial lie between those of the one before, so that they are found by sums and products
 * alone, with the same bits everywhere.
 */
export function gaussLegendre(count: number): Quadrature {
  let roots: number[] = [];
  for (let degree = 1; degree <= count; degree++) {
    const borders = [-1, ...roots, 1];
    roots = Array.from({ length: degree }, (_, i) => rootBetween(degree, borders[i]!, borders[i + 1]!));
  }
  return {
    points: Float64Array.from(roots, (root) => (1 + root) / 2),
    weights: Float64Array.from(roots, (root) => {
      const { slope } = legendre(count, root);
      return 1 / ((1 - root * root) * slope * slope);
    }),
  };
}

function legendre(degree: number, x: number): { readonly value: number; readonly slope: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  return { value, slope: (degree * (before - x * value)) / (1 - x * x) };
}

/** Newton's method, and halving where a step would leave the interval. */
function rootBetween(degree: number, from: number, to: number): number {
  let [low, high] = [from, to];
  let x = (low + high) / 2;
  const signLow = signAt(degree, from);
  for (let step = 0; step < 100; step++) {
    const { value, slope } = legendre(degree, x);
    if (value === 0) return x;
    if (Math.sign(value) === signLow) low = x;
    else high = x;
    const newton = x - value / slope;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (next === x) return x;
    x = next;
  }
  return x;
}

/** The sign just right of a border: at -1 it is that of (-1)^degree. */
function signAt(degree: number, border: number): number {
  if (border === -1) return degree % 2 === 0 ? 1 : -1;
  return Math.sign(legendre(degree, border).value);
}
