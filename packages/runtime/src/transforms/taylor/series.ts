// Taylor series of tensors, and the arithmetic that all rules share.
import { add, mul, sub } from "../../ops/elementwise.ts";
import type { MaybeTensor } from "../../primitives/rule.ts";
import type { Tensor } from "../../tensor.ts";
import type { Operators, Term } from "./operators.ts";

/** The derivatives of one order that are carried (`operators.ts`), one behind the other. Null: zero, which costs nothing. */
export type Part = readonly MaybeTensor[];
export type MaybePart = Part | null;

/**
 * A value and its derivatives, part `k` those of order `k`, not divided by `k!`; parts that are null or absent are zero. Products then take
 * binomial weights, which are whole numbers and 1 up to first order, and nothing is divided.
 */
export type Series = readonly [readonly [Tensor], ...MaybePart[]];

/** A series that a rule is writing, part by part. */
export type Growing = [readonly [Tensor], ...MaybePart[]];

/** The derivatives of order `k`; also of what has no value yet. */
export const at = (x: readonly MaybePart[], k: number): MaybePart => x[k] ?? null;

export const valueIn = (x: Series): Tensor => x[0][0];

/** Whether some derivative is not zero. */
export const moves = (x: Series): boolean => x.some((part, k) => k > 0 && part !== null);

/** Zero as null. */
export const partOf = (part: Part): MaybePart => (part.every((one) => one === null) ? null : part);

/** What `fn` makes of each derivative that is not zero. */
export const each = (part: MaybePart, fn: (derivative: Tensor) => Tensor): MaybePart =>
  part === null ? null : part.map((one) => one && fn(one));

/** Derivative by derivative, where at least one of two is not zero. */
export function pairwise(a: MaybePart, b: MaybePart, fn: (a: MaybeTensor, b: MaybeTensor) => MaybeTensor): MaybePart {
  if (a === null && b === null) return null;
  return partOf(
    (a ?? b)!.map((_, place) => {
      const [left, right] = [a?.[place] ?? null, b?.[place] ?? null];
      return left === null && right === null ? null : fn(left, right);
    }),
  );
}

const sumOfTwo = (a: MaybeTensor, b: MaybeTensor): MaybeTensor => (a === null ? b : b === null ? a : add(a, b));

export const plus = (a: MaybePart, b: MaybePart): MaybePart =>
  a === null ? b : b === null ? a : pairwise(a, b, sumOfTwo);

export const minus = (a: MaybePart, b: MaybePart): MaybePart =>
  b === null
    ? a
    : pairwise(a, b, (left, right) => (right === null ? left : left === null ? mul(right, -1) : sub(left, right)));

export const scaled = (a: MaybePart, weight: number): MaybePart =>
  weight === 1 ? a : each(a, (one) => mul(one, weight));

export const times = (a: MaybePart, b: Tensor): MaybePart => each(a, (one) => mul(one, b));

/** The sum of tensors times numbers; those of one number are added before they are multiplied with it. */
export function weighted(terms: readonly (readonly [weight: number, value: MaybeTensor])[]): MaybeTensor {
  const groups = new Map<number, MaybeTensor>();
  for (const [weight, value] of terms) groups.set(weight, sumOfTwo(groups.get(weight) ?? null, value));
  let total: MaybeTensor = null;
  for (const [weight, group] of groups) {
    if (group !== null) total = sumOfTwo(total, weight === 1 ? group : mul(group, weight));
  }
  return total;
}

type Apply = (a: Tensor, b: Tensor) => Tensor;

/** What two parts make of a derivative of their product. What one factor is multiplied with is added up before. */
function products(terms: readonly Term[], left: Part, right: Part, apply: Apply): [weight: number, value: Tensor][] {
  const there = terms.filter((term) => left[term.left] && right[term.right]);
  const placesIn = (side: "left" | "right"): number[] => [...new Set(there.map((term) => term[side]))];
  const [lefts, rights] = [placesIn("left"), placesIn("right")];
  const alone = lefts.length <= rights.length ? "left" : "right";
  return (alone === "left" ? lefts : rights).map((place) => {
    const own = there.filter((term) => term[alone] === place);
    const common = own.every(({ weight }) => weight === own[0]!.weight) ? own[0]!.weight : 1;
    const sum = weighted(
      own.map((term) => [term.weight / common, alone === "left" ? right[term.right]! : left[term.left]!] as const),
    )!;
    return [common, alone === "left" ? apply(left[place]!, sum) : apply(sum, right[place]!)];
  });
}

/** How a sum of products `a_j b_(k - j)` is made; by default all of them as they are, with `mul`. */
interface Terms {
  /** Orders of `a`. */
  readonly first?: number;
  readonly last?: number;
  /** The weight of those of an order of `a`, from Leibniz'. */
  readonly weigh?: (weight: number, j: number) => number;
  readonly apply?: Apply | undefined;
}

/** Sums of products, one for each derivative. */
class Sums {
  private readonly sums: (readonly [weight: number, value: Tensor])[][] = [];

  add(terms: readonly (readonly Term[])[], left: MaybePart, right: MaybePart, apply: Apply = mul): void {
    if (left === null || right === null) return;
    for (const [place, some] of terms.entries()) {
      const sum = this.sums[place] ?? [];
      this.sums[place] = sum;
      sum.push(...products(some, left, right, apply));
    }
  }

  total(): MaybePart {
    return partOf(this.sums.map(weighted));
  }
}

/** The derivatives of order `k` of what is linear in `a` and in `b` (Leibniz), or some of the sum. */
export function productAt(
  { product }: Operators,
  a: readonly MaybePart[],
  b: readonly MaybePart[],
  k: number,
  { first = 0, last = k, weigh = (weight) => weight, apply }: Terms = {},
): MaybePart {
  const sums = new Sums();
  for (let j = first; j <= last; j++) {
    const terms = product(j, k - j).map((some) => some.map((term) => ({ ...term, weight: weigh(term.weight, j) })));
    sums.add(terms, at(a, j), at(b, k - j), apply);
  }
  return sums.total();
}

/** Those of `factor y^2`; with `first` 1 without the two terms in `y` itself. Equal terms are computed once. */
export function squareAt({ product }: Operators, y: readonly MaybePart[], k: number, first = 0, factor = 1): MaybePart {
  const sums = new Sums();
  for (let j = first; 2 * j <= k; j++) {
    const twice = ({ left, right }: Term): boolean => 2 * j < k || left < right;
    const terms = product(j, k - j).map((some) =>
      some
        .filter((term) => twice(term) || term.left === term.right)
        .map((term) => ({ ...term, weight: term.weight * factor * (twice(term) ? 2 : 1) })),
    );
    sums.add(terms, at(y, j), at(y, k - j));
  }
  return sums.total();
}

/** Those of what has the slope `slope` in `x`, from the first order: `k y_k` is the sum of `j x_j slope_(k - j)` (Euler). */
export const chainAt = (operators: Operators, x: Series, slope: readonly MaybePart[], k: number): MaybePart =>
  productAt(operators, x, slope, k, { first: 1, weigh: (weight, j) => (weight * j) / k });

/**
 * Those of `(x - x_0)^m / m!`, `k` at least `m` and `m` at least 2, from those of the power below it, `z`. Two sums make it up: `m y_k` of all
 * `x_j z_(k - j)`, and `k y_k` of all `j x_j z_(k - j)`. Together they do without the terms of one `j`, such as the last.
 */
export function powerAt(operators: Operators, x: Series, below: readonly MaybePart[], m: number, k: number): MaybePart {
  if (m === 2) return squareAt(operators, x, k, 1, 1 / 2);
  const last = k - m + 1;
  if (last > 1) {
    const weigh = (weight: number, j: number): number => (weight * (last - j)) / (m * last - k);
    return productAt(operators, x, below, k, { first: 1, last: last - 1, weigh });
  }
  // What the slopes of `x` alone make up.
  const sums = new Sums();
  sums.add(operators.slopes(k), at(x, 1), at(below, k - 1));
  return sums.total();
}
