// The discrete Fourier transform as products of matrices: backends need no kernel for it, and its derivatives of every order are theirs.
import { array } from "../make-array.ts";
import { asTensor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { add, mul, sub } from "./elementwise.ts";
import { matmul } from "./linear.ts";
import { pad } from "./padding.ts";
import { sliceAxis } from "./slicing.ts";
import { reshape, transpose } from "./structure.ts";

/** Complex numbers as their two parts, whose shapes and dtypes agree. */
export type Complex = { readonly re: Tensor; readonly im: Tensor };

/** Complex numbers, or real ones: those have no `im`. */
export interface MaybeReal {
  readonly re: Tensor;
  readonly im?: Tensor;
}

/** `-1` for `e^(-2 pi i j k / n)`, `1` for its inverse. */
export type Direction = -1 | 1;

/** Up to here an axis is multiplied by the matrix of its transform; longer ones are split into factors up to here. Measured: 8 to 32 are alike. */
const direct = 16;

/** Up to here a prime number of elements is multiplied by its matrix, as it cannot be split. */
const directPrime = 128;

/** The same change of both parts. */
export function mapParts<X extends MaybeReal>({ re, im }: X, change: (part: Tensor) => Tensor): X {
  return (im === undefined ? { re: change(re) } : { re: change(re), im: change(im) }) as X;
}

/** The largest divisor that is multiplied directly, else the smallest prime factor: the number itself if it is prime. */
function factorOf(n: number): number {
  for (let factor = Math.min(direct, n - 1); factor > 1; factor--) if (n % factor === 0) return factor;
  for (let factor = direct + 1; factor * factor <= n; factor++) if (n % factor === 0) return factor;
  return n;
}

/** `e^(direction 2 pi i turns(i, j) / n)` for whole numbers of turns in units of 1/n, which lose no digits however many they are. */
function roots(
  like: Tensor,
  direction: Direction,
  [rows, columns]: readonly [number, number],
  n: number,
  turns: (i: number, j: number) => number,
): Complex {
  const [re, im] = [new Float64Array(rows * columns), new Float64Array(rows * columns)];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const angle = (2 * Math.PI * (turns(i, j) % n)) / n;
      re[i * columns + j] = Math.cos(angle);
      im[i * columns + j] = direction * Math.sin(angle);
    }
  }
  const tensorOf = (part: Float64Array): Tensor =>
    asTensor(array(part, { shape: [rows, columns], dtype: like.dtype as "f32" | "f64" }));
  return { re: tensorOf(re), im: tensorOf(im) };
}

/** A bilinear function of real numbers, of complex ones. */
function product(times: (a: Tensor, b: Tensor) => Tensor, a: MaybeReal, b: Complex): Complex {
  if (a.im === undefined) return { re: times(a.re, b.re), im: times(a.re, b.im) };
  return { re: sub(times(a.re, b.re), times(a.im, b.im)), im: add(times(a.re, b.im), times(a.im, b.re)) };
}

/** The transform along the middle axis of `[stack, n, beside]`, without a factor in either direction. */
export function transformed(x: MaybeReal, direction: Direction): Complex {
  const [, n] = x.re.shape as readonly [number, number, number];
  const factor = factorOf(n);
  if (n <= direct || (factor === n && n <= directPrime)) return multiplied(x, direction);
  return factor === n ? chirped(x, direction) : divided(x, direction, factor);
}

function multiplied(x: MaybeReal, direction: Direction): Complex {
  const [stack, n, beside] = x.re.shape as readonly [number, number, number];
  const matrix = roots(x.re, direction, [n, n], n, (j, k) => j * k);
  if (beside > 1) return product((a, b) => matmul(b, a), x, matrix);
  // One product for the whole stack; the matrix is symmetric.
  const rows = mapParts(x, (part) => reshape(part, [stack, n]));
  return mapParts(product(matmul, rows, matrix), (part) => reshape(part, [stack, n, 1]));
}

/** Cooley and Tukey 1965: `p` times `q` elements by transforms of `p` and of `q`. */
function divided(x: MaybeReal, direction: Direction, p: number): Complex {
  const [stack, n, beside] = x.re.shape as readonly [number, number, number];
  const q = n / p;
  const split = mapParts(x, (part) =>
    reshape(transpose(reshape(part, [stack, p, q, beside]), [0, 2, 1, 3]), [stack * q, p, beside]),
  );
  const columns = mapParts(transformed(split, direction), (part) => reshape(part, [stack, q, p, beside]));
  const twiddles = roots(x.re, direction, [q, p], n, (j, k) => j * k);
  const turned = product(
    mul,
    columns,
    mapParts(twiddles, (part) => reshape(part, [q, p, 1])),
  );
  // Frequency k1 + p k2 stands at [k2, k1]: in order.
  const rows = transformed(
    mapParts(turned, (part) => reshape(part, [stack, q, p * beside])),
    direction,
  );
  return mapParts(rows, (part) => reshape(part, x.re.shape));
}

/** Bluestein 1970: any number of elements by a convolution, which transforms of a power of two make. `j k = (j^2 + k^2 - (k - j)^2) / 2`. */
function chirped(x: MaybeReal, direction: Direction): Complex {
  const n = x.re.shape[1]!;
  const length = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const chirp = roots(x.re, direction, [n, 1], 2 * n, (j) => j * j);
  // The conjugate chirp at all distances, those below 0 counted from the end.
  const conjugate = roots(x.re, -direction as Direction, [length, 1], 2 * n, (j) => Math.min(j, length - j) ** 2);
  const filter = transformed(
    mapParts(conjugate, (part) => reshape(part, [1, length, 1])),
    -1,
  );
  const filled = mapParts(product(mul, x, chirp), (part) => pad(part, [0, 0, 0], [0, length - n, 0]));
  const filtered = transformed(product(mul, transformed(filled, -1), filter), 1);
  const first = mapParts(filtered, (part) => mul(sliceAxis(part, 1, 0, n), 1 / length));
  return product(mul, first, chirp);
}
