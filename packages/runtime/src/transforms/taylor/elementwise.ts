// Taylor series of elementwise functions: recurrences from the differential equation or the identity that each of them solves
// (Griewank and Walther 2008, Evaluating Derivatives, chapter 13). The values they start from are those of the derivative rules, so
// that limits and extreme arguments come out as in nested `jvp`.
import {
  abs,
  add,
  and,
  cos,
  div,
  equal,
  exp,
  less,
  lessEqual,
  log,
  mul,
  neg,
  not,
  pow,
  select,
  sin,
  sub,
} from "../../ops/elementwise.ts";
import type { MaybeTensor } from "../../primitives/rule.ts";
import type { Tensor } from "../../tensor.ts";
import type { TaylorRule } from "./rule.ts";
import {
  at,
  chainAt,
  choose,
  type Growing,
  minus,
  moves,
  plus,
  productAt,
  type Series,
  scaled,
  squareAt,
  sumOf,
  times,
} from "./series.ts";

type Unary = "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tan" | "tanh" | "sigmoid" | "erf" | "sqrt" | "rsqrt";

/** A series whose derivatives come one from those before it. */
function grow(y: Tensor, order: number, next: (y: Growing, k: number) => MaybeTensor): Series {
  const series: Growing = [y];
  for (let k = 1; k <= order; k++) series.push(next(series, k));
  return series;
}

const unary =
  (series: (x: Series, y: Tensor, order: number) => Series): TaylorRule<Unary> =>
  ([x], [y], _, order) => [series(x!, y!, order)];

/** `y' = y x'`. */
const exponential = (x: Series, y: Tensor, order: number): Series => grow(y, order, (s, k) => chainAt(x, s, k));

/** `y' = slope(y) x'`, where the slope is a polynomial: its value, and its later derivatives from those of `y`. */
const autonomous =
  (value: (y: Tensor) => Tensor, slopeAt: (y: Series, k: number) => MaybeTensor) =>
  (x: Series, y: Tensor, order: number): Series => {
    const slope: Growing = [value(y)];
    return grow(y, order, (s, k) => {
      if (k > 1) slope.push(slopeAt(s, k - 1));
      return chainAt(x, slope, k);
    });
  };

/** `(x + shift) y' = x'`. */
const logarithm =
  (shift: 0 | 1) =>
  (x: Series, y: Tensor, order: number): Series => {
    const reciprocal = div(1, shift === 0 ? x[0] : add(x[0], shift));
    return grow(y, order, (s, k) => {
      const known = sumOf(
        1,
        k - 1,
        (j) => choose(k - 1, j),
        (j) => times(at(x, j), at(s, k - j)),
      );
      return times(minus(at(x, k), known), reciprocal);
    });
  };

/** Sine and cosine, each the derivative of the other. */
function circular(x: Series, sine: Tensor, cosine: Tensor, order: number): readonly [Series, Series] {
  const s: Growing = [sine];
  const c: Growing = [cosine];
  for (let k = 1; k <= order; k++) {
    const [up, down] = [chainAt(x, c, k), chainAt(x, s, k)];
    s.push(up);
    c.push(minus(null, down));
  }
  return [s, c];
}

/** `y' = 2 / sqrt(pi) exp(-x^2) x'`. */
function errorFunction(x: Series, y: Tensor, order: number): Series {
  const exponent = grow(neg(mul(x[0], x[0])), order - 1, (_, k) => minus(null, squareAt(x, k)));
  const bell = exponential(exponent, exp(exponent[0]), order - 1);
  return grow(y, order, (_, k) => scaled(chainAt(x, bell, k), 2 / Math.sqrt(Math.PI)));
}

/** `y^2 = x`. */
function squareRoot(x: Series, y: Tensor, order: number): Series {
  const half = div(0.5, y);
  return grow(y, order, (s, k) => times(minus(at(x, k), squareAt(s, k, 1)), half));
}

/** `x y' = -y x' / 2`. */
const reciprocalRoot = (x: Series, y: Tensor, order: number): Series =>
  grow(y, order, (s, k) => {
    const known = sumOf(
      1,
      k,
      (j) => -choose(k - 1, j - 1) / 2 - choose(k - 1, j),
      (j) => times(at(x, j), at(s, k - j)),
    );
    return known === null ? null : div(known, x[0]);
  });

/** The rules of functions of one operand that are curved. */
export const unaries: { readonly [K in Unary]: TaylorRule<K> } = /* @__PURE__ */ (() => ({
  exp: unary(exponential),
  // Not from the value, which has lost the small derivatives of large negative x.
  expm1: unary((x, y, order) => [y, ...exponential(x, exp(x[0]), order).slice(1)]),
  log: unary(logarithm(0)),
  log1p: unary(logarithm(1)),
  sin: unary((x, y, order) => circular(x, y, cos(x[0]), order)[0]),
  cos: unary((x, y, order) => circular(x, sin(x[0]), y, order)[1]),
  tan: unary(autonomous((y) => add(mul(y, y), 1), squareAt)),
  tanh: unary(
    autonomous(
      (y) => sub(1, mul(y, y)),
      (y, k) => minus(null, squareAt(y, k)),
    ),
  ),
  sigmoid: unary(
    autonomous(
      (y) => mul(y, sub(1, y)),
      (y, k) => minus(at(y, k), squareAt(y, k)),
    ),
  ),
  erf: unary(errorFunction),
  sqrt: unary(squareRoot),
  rsqrt: unary(reciprocalRoot),
}))();

/** `y b = a`. */
export const quotient: TaylorRule<"div"> = ([a, b], [y], _, order) => [
  grow(y!, order, (s, k) => {
    const rest = minus(at(a!, k), productAt(b!, s, k, 1));
    return rest === null ? null : div(rest, b![0]);
  }),
];

/** Of floats; `mul` of one value with itself computes equal terms once. */
export const product: TaylorRule<"mul"> = ([a, b], [y], { inputs }, order) => [
  grow(y!, order, (_, k) => (inputs[0] === inputs[1] ? squareAt(a!, k) : productAt(a!, b!, k))),
];

/** A constant where the condition holds, else `x`. */
const constantWhere = (condition: Tensor, constant: number, x: Series, order: number): Series =>
  grow(select(condition, constant, x[0]), order, (_, k) => choice(condition, null, at(x, k)));

const choice = (condition: Tensor, a: MaybeTensor, b: MaybeTensor): MaybeTensor =>
  a === null && b === null ? null : select(condition, a ?? 0, b ?? 0);

/**
 * `y' = b a^(b - 1) a' + y log(a) b'`, where the powers down to `a^(b - order)` are computed: none divides by `a`, which may be 0. Where `b`
 * is 0, the slope in `a` is `b y / a`, as in the derivative rule.
 */
export const power: TaylorRule<"pow"> = ([a, b], [y], _, order) => [powerSeries(a!, b!, y!, order)];

function powerSeries(a: Series, b: Series, y: Tensor, order: number): Series {
  if (order === 0) return [y];
  const inBase = moves(a) ? slopeInBase(a, b, order - 1) : undefined;
  // 0^b is flat in b for b >= 0; log(0) must not turn that into NaN. Below 0 both are infinite.
  const base = constantWhere(and(equal(a[0], 0), lessEqual(0, b[0])), 1, a, order - 1);
  const logs = logarithm(0)(base, log(base[0]), order - 1);
  const [ofBase, ofExponent]: [MaybeTensor[], MaybeTensor[]] = [[], []];
  return grow(y, order, (s, k) => {
    ofBase.push(inBase?.(s, ofBase, k - 1) ?? null);
    ofExponent.push(moves(b) ? productAt(s, logs, k - 1) : null);
    return plus(chainAt(a, ofBase, k), chainAt(b, ofExponent, k));
  });
}

/** The `k`-th derivative of the slope in `a`, from those of `y` and those of the slope before it. */
function slopeInBase(a: Series, b: Series, order: number) {
  const flat = equal(b[0], 0);
  const [exponent, ...derivatives] = constantWhere(flat, 1, b, order);
  const below: Series = [sub(exponent, 1), ...derivatives];
  const lower = powerSeries(a, below, pow(a[0], below[0]), order);
  const divisor = constantWhere(not(less(0, abs(a[0]))), 1, a, order);
  return (y: Series, slope: readonly MaybeTensor[], k: number): MaybeTensor => {
    const rest = minus(productAt(b, y, k), productAt(divisor, slope, k, 1));
    return choice(flat, rest && div(rest, divisor[0]), productAt(b, lower, k));
  };
}
