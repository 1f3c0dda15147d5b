// Sums of many terms of f32 on engines that add them one after the other, which is off by percents after a million: here they are
// made in parts. 32 terms are added up, then 32 such sums, and so on; products in parts of 64 terms.
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";

/** One running sum of so many terms errs by less than 2e-6 of the sum of their absolute values. */
const chain = 128;
/** Terms of a part of a sum. */
const part = 32;
/** Terms of a part of a product. */
const productPart = 64;
/** Products of all parts are made at once as long as they have no more elements. */
const mostElements = 2 ** 22;
/** Elements of the places among which scattered updates are spread. */
const mostPlaces = 2 ** 24;

const isSteady = (k: Kernels, x: Ref): boolean => k.can.steadySums === true || x.dtype !== "float32";

/** `x[rows, length]` as `[rows, parts, span]`, with zeros at the end where parts do not come out even. */
function inParts(k: Kernels, x: Ref): Ref {
  const [rows, length] = x.shape as [number, number];
  const even = Array.from({ length: part / 2 + 1 }, (_, i) => part - i).find((size) => length % size === 0);
  const span = even ?? part;
  const parts = Math.ceil(length / span);
  return k.reshape(parts * span === length ? x : withZeros(k, x, 1, parts * span), [rows, parts, span]);
}

/** The array with zeros behind it along an axis, up to a length. */
function withZeros(k: Kernels, x: Ref, axis: number, length: number): Ref {
  const missing = x.shape.with(axis, length - x.shape[axis]!);
  return k.concat([x, k.expand(k.scalar(0), missing)], axis);
}

/** The sum of each row of a matrix. */
export function sumRows(k: Kernels, x: Ref): Ref {
  const [rows, length] = x.shape as [number, number];
  if (isSteady(k, x) || length <= part) return k.reduceRows("Sum", x);
  const split = inParts(k, x);
  const [, parts, span] = split.shape as [number, number, number];
  const sums = k.reduceRows("Sum", k.reshape(split, [rows * parts, span]));
  return sumRows(k, k.reshape(sums, [rows, parts]));
}

/** The running sums of each row of a matrix: within parts, and before them as the running sum of the parts' totals says. */
export function cumulateRows(k: Kernels, x: Ref): Ref {
  const [rows, length] = x.shape as [number, number];
  const cumulate = (matrix: Ref): Ref =>
    k.call("Cumsum", { x: matrix }, { axis: 1, exclusive: false, reverse: false }, matrix.shape, matrix.dtype);
  if (isSteady(k, x) || length <= part) return cumulate(x);
  const split = inParts(k, x);
  const [, parts, span] = split.shape as [number, number, number];
  const within = k.reshape(cumulate(k.reshape(split, [rows * parts, span])), split.shape);
  const totals = k.reshape(k.slice(within, 2, span - 1, span), [rows, parts]);
  const upTo = k.slice(cumulateRows(k, totals), 1, 0, parts - 1);
  const before = k.concat([k.expand(k.scalar(0), [rows, 1]), upTo], 1);
  const whole = k.binary("Add", within, k.reshape(before, [rows, parts, 1]));
  return k.slice(k.reshape(whole, [rows, parts * span]), 1, 0, length);
}

/** Rows of `updates[count, width]` added up at `indices[count]`, those from `size` on left out; `[size + 1, width]`. */
export function scatterRows(k: Kernels, indices: Ref, updates: Ref, size: number): Ref {
  const [count, width] = updates.shape as [number, number];
  const scatter = (at: Ref, rows: number): Ref => {
    const shape = [rows, width];
    return k.call("ScatterNd", { indices: k.reshape(at, [count, 1]), updates }, { shape }, shape, updates.dtype);
  };
  const places = Math.min(Math.ceil(count / part), Math.floor(mostPlaces / ((size + 1) * width)));
  if (isSteady(k, updates) || places < 2) return scatter(indices, size + 1);
  // Updates of one row take turns among its places, which are added up afterwards.
  const turns = k.integers(Array.from({ length: count }, (_, i) => (i % places) * (size + 1)));
  const spread = k.reshape(scatter(k.binary("Add", indices, turns), places * (size + 1)), [places, (size + 1) * width]);
  return k.reshape(sumRows(k, k.transpose(spread, [1, 0])), [size + 1, width]);
}

type Multiply = (a: Ref, b: Ref) => Ref;

/** As many terms as the engine's products add well. */
export const longestProduct = ({ can }: Kernels): number => (can.steadySums ? Infinity : (can.longestProduct ?? chain));

/**
 * `a[batch, M, K] b[batch, K, N]` in parts of K. Where all products at once would take too much, halves are multiplied one after
 * the other.
 */
export function productInParts(k: Kernels, a: Ref, b: Ref, multiply: Multiply): Ref {
  const [batch, rows, depth] = a.shape as [number, number, number];
  const columns = b.shape[2]!;
  if (depth <= longestProduct(k)) return multiply(a, b);
  const parts = Math.ceil(depth / productPart);
  if (parts * batch * rows * columns > mostElements) {
    const middle = productPart * Math.ceil(parts / 2);
    const [left, right] = [
      [0, middle],
      [middle, depth],
    ].map(([from, to]) => productInParts(k, k.slice(a, 2, from!, to!), k.slice(b, 1, from!, to!), multiply));
    return k.binary("Add", left!, right!);
  }
  const whole = parts * productPart;
  const [wholeA, wholeB] = depth === whole ? [a, b] : [withZeros(k, a, 2, whole), withZeros(k, b, 1, whole)];
  const left = k.transpose(k.reshape(wholeA, [batch, rows, parts, productPart]), [0, 2, 1, 3]);
  const products = multiply(
    k.reshape(left, [batch * parts, rows, productPart]),
    k.reshape(wholeB, [batch * parts, productPart, columns]),
  );
  const apart = k.transpose(k.reshape(products, [batch, parts, rows * columns]), [0, 2, 1]);
  return k.reshape(sumRows(k, k.reshape(apart, [batch * rows * columns, parts])), [batch, rows, columns]);
}

/** How a convolution keeps its sums short: as it is, by channels, or not with the engine's kernel. */
export type Division = readonly (readonly [from: number, to: number])[] | undefined;

/** The channels of each convolution whose results add up to one of `taps` window positions and `channels`. */
export function channelParts({ can }: Kernels, taps: number, channels: number): Division {
  const most = can.steadySums ? Infinity : chain;
  if (taps * channels <= most) return [[0, channels]];
  if (taps > most) return undefined;
  const size = Math.floor(most / taps);
  return Array.from({ length: Math.ceil(channels / size) }, (_, i) => [i * size, Math.min((i + 1) * size, channels)]);
}

/** The sum of arrays, in pairs of pairs. */
export function addPairs(k: Kernels, terms: readonly Ref[]): Ref {
  if (terms.length === 1) return terms[0]!;
  const middle = Math.ceil(terms.length / 2);
  return k.binary("Add", addPairs(k, terms.slice(0, middle)), addPairs(k, terms.slice(middle)));
}
