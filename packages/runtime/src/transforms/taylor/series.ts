// Taylor series of tensors along one direction, and the arithmetic that all rules share.
import { add, mul, sub } from "../../ops/elementwise.ts";
import type { MaybeTensor } from "../../primitives/rule.ts";
import type { Tensor } from "../../tensor.ts";

/**
 * A value and its derivatives along a curve: entry `k` is the `k`-th derivative, not divided by `k!`. Entries that are null or absent
 * are zero and cost nothing. Products then take binomial weights, which are whole numbers and 1 up to first order, and nothing is divided.
 */
export type Series = readonly [Tensor, ...MaybeTensor[]];

/** A series that a rule is writing, entry by entry. */
export type Growing = [Tensor, ...MaybeTensor[]];

/** The `k`-th derivative; also of what has no value yet. */
export const at = (x: readonly MaybeTensor[], k: number): MaybeTensor => x[k] ?? null;

/** Whether some derivative is not zero. */
export const moves = (x: Series): boolean => x.some((derivative, k) => k > 0 && derivative !== null);

/** `n! / (k! (n - k)!)`. */
export function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}

export const times = (a: MaybeTensor, b: MaybeTensor): MaybeTensor => (a === null || b === null ? null : mul(a, b));

export const plus = (a: MaybeTensor, b: MaybeTensor): MaybeTensor => (a === null ? b : b === null ? a : add(a, b));

export const minus = (a: MaybeTensor, b: MaybeTensor): MaybeTensor =>
  b === null ? a : a === null ? mul(b, -1) : sub(a, b);

export const scaled = (a: MaybeTensor, weight: number): MaybeTensor =>
  a === null || weight === 1 ? a : mul(a, weight);

/** The sum of `weight(j) term(j)` for `j` from `first` to `last`; terms of one weight are added before they are scaled. */
export function sumOf(
  first: number,
  last: number,
  weight: (j: number) => number,
  term: (j: number) => MaybeTensor,
): MaybeTensor {
  const groups = new Map<number, MaybeTensor>();
  for (let j = first; j <= last; j++) {
    const factor = weight(j);
    groups.set(factor, plus(groups.get(factor) ?? null, term(j)));
  }
  let total: MaybeTensor = null;
  for (const [factor, group] of groups) total = plus(total, scaled(group, factor));
  return total;
}

/** The `k`-th derivative of what is linear in `a` and in `b` (Leibniz); terms before `first`, counted in derivatives of `a`, are left out. */
export const productAt = (
  a: Series,
  b: readonly MaybeTensor[],
  k: number,
  first = 0,
  apply: (a: Tensor, b: Tensor) => Tensor = mul,
): MaybeTensor =>
  sumOf(
    first,
    k,
    (j) => choose(k, j),
    (j) => {
      const [left, right] = [at(a, j), at(b, k - j)];
      return left === null || right === null ? null : apply(left, right);
    },
  );

/** The `k`-th derivative of `y^2`; with `first` 1 without the two terms in `y` itself. Equal terms are computed once. */
export const squareAt = (y: Series, k: number, first = 0): MaybeTensor =>
  sumOf(
    first,
    Math.floor(k / 2),
    (j) => choose(k, j) * (2 * j === k ? 1 : 2),
    (j) => times(at(y, j), at(y, k - j)),
  );

/** The `k`-th derivative, from the first, of what has the derivative `slope(t) x'(t)`. */
export const chainAt = (x: Series, slope: readonly MaybeTensor[], k: number): MaybeTensor =>
  sumOf(
    1,
    k,
    (j) => choose(k - 1, j - 1),
    (j) => times(at(x, j), at(slope, k - j)),
  );
