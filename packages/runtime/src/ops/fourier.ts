// Discrete Fourier transforms over any axes, of real and of complex numbers, with NumPy's conventions.
import { describe, type HostArray, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { array } from "../make-array.ts";
import { checkArgument, checkOptions, nothingMore, type OptionTable } from "../options/check-options.ts";
import { count, oneOf, positive } from "../options/checks.ts";
import type { Tensor } from "../tensor.ts";
import { type Complex, type Direction, type MaybeReal, mapParts, transformed } from "./discrete-fourier.ts";
import { mul } from "./elementwise.ts";
import { floats } from "./requirements.ts";
import { sliceAxis } from "./slicing.ts";
import { type ArrayOperand, concat, normalizeAxes, normalizeAxis, reshape, reverse } from "./structure.ts";

/** Which of the two directions is divided by the number of elements: the inverse, both by its root, or the forward one. */
export type FourierNorm = "backward" | "ortho" | "forward";

/** Options of {@link fft} and its kin. */
export interface FourierOptions {
  /** The axes it runs over, in any number and each once. Default the last. */
  readonly axes?: number | readonly number[];
  /** Default `"backward"`: the forward transform is a plain sum, the inverse a mean. */
  readonly norm?: FourierNorm;
}

/** Options of {@link irfft}. */
export interface RealInverseOptions extends FourierOptions {
  /** The size of the last of `axes` in the result. Default `2 (m - 1)` for `m` frequencies; give it where it is odd. */
  readonly length?: number;
}

/** A complex operand: tensors or constant host arrays of one shape and dtype. */
export interface ComplexOperand {
  readonly re: ArrayOperand;
  readonly im: ArrayOperand;
}

const table: OptionTable<FourierOptions> = {
  optional: { axes: () => undefined, norm: (value) => oneOf(value, ["backward", "ortho", "forward"]) },
};
const inverseTable: OptionTable<RealInverseOptions> = { optional: { ...table.optional!, length: count } };

const isComplex = (x: unknown): x is ComplexOperand =>
  typeof x === "object" && x !== null && Object.hasOwn(x, "re") && Object.hasOwn(x, "im");

function complexOf(who: string, x: ComplexOperand): Complex {
  if (!isComplex(x)) fail(who, "received no complex numbers; it takes { re, im }, two arrays of one shape.");
  const [re, im] = [floats(who, x.re), floats(who, x.im)];
  if (describe(re) !== describe(im))
    fail(who, `the parts are ${describe(re)} and ${describe(im)}; they have one shape and dtype.`, "mismatch");
  return { re, im };
}

/** The axes in the order they are given: the last is the one that is halved. */
function axesOf(who: string, x: Tensor, { axes = -1 }: FourierOptions): number[] {
  const sorted = normalizeAxes(who, axes, x.rank);
  if (sorted.length === 0) fail(who, "received no axes; it runs over one or more.");
  if (sorted.some((axis) => x.shape[axis] === 0))
    fail(who, `received ${describe(x)}; an empty axis has no transform.`, "mismatch");
  return typeof axes === "number" ? sorted : axes.map((axis) => normalizeAxis(who, axis, x.rank));
}

function along(x: MaybeReal, axis: number, direction: Direction): Complex {
  const { shape } = x.re;
  const stacked = [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
  const result = transformed(
    mapParts(x, (part) => reshape(part, stacked)),
    direction,
  );
  return mapParts(result, (part) => reshape(part, shape));
}

/** What a transform over `size` elements is multiplied by. */
function factor(norm: FourierNorm = "backward", direction: Direction, size: number): number {
  if (norm === "ortho") return 1 / Math.sqrt(size);
  return (norm === "forward") === (direction === -1) ? 1 / size : 1;
}

const scaled = (x: Complex, by: number): Complex => (by === 1 ? x : mapParts(x, (part) => mul(part, by)));

function over(x: MaybeReal, axes: readonly number[], direction: Direction, norm?: FourierNorm): Complex {
  const [first, ...others] = axes as readonly [number, ...number[]];
  const result = others.reduce((part: Complex, axis) => along(part, axis, direction), along(x, first, direction));
  return scaled(result, factor(norm, direction, sizeOf(axes.map((axis) => x.re.shape[axis]!))));
}

/**
 * The discrete Fourier transform, `X[k] = sum_j x[j] e^(-2 pi i j k / n)`, over one or more axes, as `numpy.fft.fft` and `fftn`. Real
 * arrays count as complex ones without imaginary part; {@link rfft} gives half as much of those. It takes any size, those with large prime factors
 * at some times the cost, and has derivatives of every order.
 *
 * @param x a float array, or `{ re, im }`
 * @returns `{ re, im }` of the shape of `x`
 * @example
 * ```ts
 * import { array, fft, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const { re } = await run(referenceBackend(), (x: Tensor) => fft(x), array([1, 2, 3, 4]));
 * console.log([...re.data].map(Math.round)); // [ 10, -2, -2, -2 ]
 * ```
 */
export function fft(x: ArrayOperand | ComplexOperand, options: FourierOptions = {}): Complex {
  checkOptions<FourierOptions>("fft", options, table);
  const value: MaybeReal = isComplex(x) ? complexOf("fft", x) : { re: floats("fft", x) };
  return over(value, axesOf("fft", value.re, options), -1, options.norm);
}

/** The inverse of {@link fft}, as `numpy.fft.ifft` and `ifftn`: by default a mean with `e^(2 pi i j k / n)`. */
export function ifft(x: ComplexOperand, options: FourierOptions = {}): Complex {
  checkOptions<FourierOptions>("ifft", options, table);
  const value = complexOf("ifft", x);
  return over(value, axesOf("ifft", value.re, options), 1, options.norm);
}

/**
 * {@link fft} of a real array, without the half that is the conjugate of the other, as `numpy.fft.rfft` and `rfftn`: the last of `axes` has
 * `floor(n / 2) + 1` frequencies.
 */
export function rfft(x: ArrayOperand, options: FourierOptions = {}): Complex {
  checkOptions<FourierOptions>("rfft", options, table);
  if (isComplex(x)) fail("rfft", "received complex numbers; it takes real ones. Use fft.");
  const re = floats("rfft", x);
  const axes = axesOf("rfft", re, options);
  const halved = axes.at(-1)!;
  const size = sizeOf(axes.map((axis) => re.shape[axis]!));
  const half = mapParts(along({ re }, halved, -1), (part) =>
    sliceAxis(part, halved, 0, Math.floor(re.shape[halved]! / 2) + 1),
  );
  const result = axes.slice(0, -1).reduce((part, axis) => along(part, axis, -1), half);
  return scaled(result, factor(options.norm, -1, size));
}

/**
 * The inverse of {@link rfft}: a real array, as `numpy.fft.irfft` and `irfftn`. Imaginary parts that a real array cannot have, at frequency 0 and
 * at half the sampling rate, do not count.
 *
 * @throws where `length` has another number of frequencies than there are
 */
export function irfft(x: ComplexOperand, options: RealInverseOptions = {}): Tensor {
  checkOptions<RealInverseOptions>("irfft", options, inverseTable);
  const value = complexOf("irfft", x);
  const axes = axesOf("irfft", value.re, options);
  const halved = axes.at(-1)!;
  const frequencies = value.re.shape[halved]!;
  const { length = Math.max(2 * (frequencies - 1), 1) } = options;
  if (Math.floor(length / 2) + 1 !== frequencies) {
    const fitting = frequencies === 1 ? "1" : `${2 * (frequencies - 1)} or ${2 * frequencies - 1}`;
    fail("irfft", `received ${frequencies} frequencies for the length ${length}; theirs is ${fitting}.`, "mismatch");
  }
  const half = axes.slice(0, -1).reduce((part: Complex, axis) => along(part, axis, 1), value);
  const mirrored = length - frequencies;
  const rest = (part: Tensor): Tensor => reverse(sliceAxis(part, halved, 1, 1 + mirrored), halved);
  const whole: Complex =
    mirrored === 0
      ? half
      : {
          re: concat([half.re, rest(half.re)], halved),
          im: concat([half.im, mul(rest(half.im), -1)], halved),
        };
  const { re } = along(whole, halved, 1);
  const by = factor(options.norm, 1, sizeOf(axes.map((axis) => re.shape[axis]!)));
  return by === 1 ? re : mul(re, by);
}

/**
 * The frequencies of {@link fft} in cycles per unit of `spacing`, f64 `[n]`: from 0 up, then those below 0, as `numpy.fft.fftfreq`.
 *
 * @param spacing the distance of samples. Default 1
 */
export function fftFrequencies(n: number, spacing = 1, ...more: []): HostArray {
  nothingMore("fftFrequencies", more);
  return frequencies(
    "fftFrequencies",
    n,
    spacing,
    (k) => (2 * k < n ? k : k - n),
    () => n,
  );
}

/** The frequencies of {@link rfft}, f64 `[floor(n / 2) + 1]`, as `numpy.fft.rfftfreq`; `n` is the number of samples. */
export function rfftFrequencies(n: number, spacing = 1, ...more: []): HostArray {
  nothingMore("rfftFrequencies", more);
  return frequencies(
    "rfftFrequencies",
    n,
    spacing,
    (k) => k,
    () => Math.floor(n / 2) + 1,
  );
}

function frequencies(
  who: string,
  n: number,
  spacing: number,
  signed: (k: number) => number,
  kept: () => number,
): HostArray {
  checkArgument(who, "the number of samples", n, count);
  checkArgument(who, "the spacing", spacing, positive);
  return array(Float64Array.from({ length: kept() }, (_, k) => signed(k) / (n * spacing)));
}
