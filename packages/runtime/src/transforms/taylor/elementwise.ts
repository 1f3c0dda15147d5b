// Taylor series of elementwise functions: sums over the function's derivatives at the value for those that have simple ones, and recurrences for the
// others, from the differential equation or the identity that each solves (Griewank and Walther 2008, Evaluating Derivatives, chapter 13). The values
// they start from are those of the derivative rules, so that limits and extreme arguments come out as in nested `jvp`.
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
import { alongDirection, type Operators, withoutHighest } from "./operators.ts";
import type { TaylorRule } from "./rule.ts";
import {
  at,
  chainAt,
  each,
  type Growing,
  type MaybePart,
  minus,
  moves,
  pairwise,
  plus,
  powerAt,
  productAt,
  type Series,
  scaled,
  squareAt,
  times,
  valueIn,
} from "./series.ts";

type Unary = "exp" | "expm1" | "log" | "log1p" | "sin" | "cos" | "tan" | "tanh" | "sigmoid" | "erf" | "sqrt" | "rsqrt";

/** A series whose derivatives come one order from those before it. */
function grow(y: Tensor, order: number, next: (y: Growing, k: number) => MaybePart): Series {
  const series: Growing = [[y]];
  for (let k = 1; k <= order; k++) series.push(next(series, k));
  return series;
}

type Rule = (operators: Operators, x: Series, y: Tensor) => Series;

const unary =
  (rule: Rule): TaylorRule<Unary> =>
  ([x], [y], _, operators) => [rule(operators, x!, y!)];

/** `y' = y x'`. */
const exponential: Rule = (operators, x, y) => grow(y, operators.order, (s, k) => chainAt(operators, x, s, k));

/** The derivatives of a function at a value, from the first. */
type Slopes = (x: Tensor, y: Tensor, order: number) => readonly MaybeTensor[];

/** The sum of a function's derivatives at the value times the powers `(x - x_0)^m / m!` (Faa di Bruno). */
const composed =
  (slopes: Slopes): Rule =>
  (operators, x, y) => {
    const f = slopes(valueIn(x), y, operators.order);
    const powers: MaybePart[][] = [[], [...x]];
    return grow(y, operators.order, (_, k) => {
      let sum = times(at(x, k), f[0]!);
      for (let m = 2; m <= k; m++) {
        const power = powerAt(operators, x, powers[m - 1]!, m, k);
        powers[m] = [...(powers[m] ?? new Array<null>(k).fill(null)), power];
        sum = plus(sum, times(power, f[m - 1]!));
      }
      return sum;
    });
  };

/** Whether sums take fewer operations than recurrences: all derivatives share the powers of several slopes, which to high orders are many. */
const sumsAreShort = ({ order, product }: Operators): boolean =>
  order >= 2 && order <= 4 && product(1, 1).flat().length > 1;

/** What solves `y' = slope(y)`, where the slope is a polynomial: its value, and its later derivatives from those of `y`. */
function autonomous(
  value: (y: Tensor) => Tensor,
  slopeAt: (operators: Operators, y: Series, k: number) => MaybePart,
): Rule {
  const slopes: Slopes = (_, y, order) => {
    const series: Growing = [[y], [value(y)]];
    for (let k = 2; k <= order; k++) series.push(slopeAt(alongDirection(order), series, k - 1));
    return series.slice(1).map((part) => part![0]!);
  };
  const recurrence: Rule = (operators, x, y) => {
    const slope: MaybePart[] = [[value(y)]];
    return grow(y, operators.order, (s, k) => {
      if (k > 1) slope.push(slopeAt(operators, s, k - 1));
      return chainAt(operators, x, slope, k);
    });
  };
  const sum = composed(slopes);
  return (operators, x, y) => (sumsAreShort(operators) ? sum : recurrence)(operators, x, y);
}

/** `(x + shift) y' = x'`. */
const logarithm =
  (shift: 0 | 1): Rule =>
  (operators, x, y) => {
    const reciprocal = div(1, shift === 0 ? valueIn(x) : add(valueIn(x), shift));
    return grow(y, operators.order, (s, k) => {
      const known = productAt(operators, x, s, k, {
        first: 1,
        last: k - 1,
        weigh: (weight, j) => (weight * (k - j)) / k,
      });
      return times(minus(at(x, k), known), reciprocal);
    });
  };

/** The derivatives of sine, and of cosine from the second. */
const quarters = (sine: Tensor, cosine: Tensor, order: number): readonly Tensor[] => {
  const [down, back] = [neg(sine), neg(cosine)];
  return Array.from({ length: order }, (_, k) => [cosine, down, back, sine][k % 4]!);
};

/** `y' = 2 / sqrt(pi) exp(-x^2) x'`. */
const errorFunction: Rule = (operators, x, y) => {
  const below = withoutHighest(operators);
  const square = neg(mul(valueIn(x), valueIn(x)));
  const exponent = grow(square, below.order, (_, k) => squareAt(operators, x, k, 0, -1));
  const bell = exponential(below, exponent, exp(square));
  return grow(y, operators.order, (_, k) => scaled(chainAt(operators, x, bell, k), 2 / Math.sqrt(Math.PI)));
};

/** `y^2 = x`. */
const squareRoot: Rule = (operators, x, y) => {
  const half = div(0.5, y);
  return grow(y, operators.order, (s, k) => times(minus(at(x, k), squareAt(operators, s, k, 1)), half));
};

/** `x y' = -y x' / 2`. */
const reciprocalRoot: Rule = (operators, x, y) =>
  grow(y, operators.order, (s, k) => {
    const weigh = (weight: number, j: number): number => (-weight * (j / 2 + k - j)) / k;
    return each(productAt(operators, x, s, k, { first: 1, weigh }), (known) => div(known, valueIn(x)));
  });

/** The rules of functions of one operand that are curved. */
export const unaries: { readonly [K in Unary]: TaylorRule<K> } = /* @__PURE__ */ (() => ({
  exp: unary(exponential),
  // Not from the value, which has lost the small derivatives of large negative x.
  expm1: unary((operators, x, y) => [[y], ...exponential(operators, x, exp(valueIn(x))).slice(1)]),
  log: unary(logarithm(0)),
  log1p: unary(logarithm(1)),
  sin: unary(composed((x, y, order) => quarters(y, cos(x), order))),
  cos: unary(composed((x, y, order) => quarters(sin(x), y, order + 1).slice(1))),
  tan: unary(autonomous((y) => add(mul(y, y), 1), squareAt)),
  tanh: unary(
    autonomous(
      (y) => sub(1, mul(y, y)),
      (operators, y, k) => squareAt(operators, y, k, 0, -1),
    ),
  ),
  sigmoid: unary(
    autonomous(
      (y) => mul(y, sub(1, y)),
      (operators, y, k) => minus(at(y, k), squareAt(operators, y, k)),
    ),
  ),
  erf: unary(errorFunction),
  sqrt: unary(squareRoot),
  rsqrt: unary(reciprocalRoot),
}))();

/** `y b = a`. */
export const quotient: TaylorRule<"div"> = ([a, b], [y], _, operators) => [
  grow(y!, operators.order, (s, k) =>
    each(minus(at(a!, k), productAt(operators, b!, s, k, { first: 1 })), (rest) => div(rest, valueIn(b!))),
  ),
];

/** Of floats; `mul` of one value with itself computes equal terms once. */
export const product: TaylorRule<"mul"> = ([a, b], [y], { inputs }, operators) => [
  grow(y!, operators.order, (_, k) =>
    inputs[0] === inputs[1] ? squareAt(operators, a!, k) : productAt(operators, a!, b!, k),
  ),
];

/** A constant where the condition holds, else `x`. */
const constantWhere = (condition: Tensor, constant: number, x: Series, order: number): Series =>
  grow(select(condition, constant, valueIn(x)), order, (_, k) => choice(condition, null, at(x, k)));

const choice = (condition: Tensor, a: MaybePart, b: MaybePart): MaybePart =>
  pairwise(a, b, (left, right) => select(condition, left ?? 0, right ?? 0));

/**
 * `y' = b a^(b - 1) a' + y log(a) b'`, where the powers down to `a^(b - order)` are computed: none divides by `a`, which may be 0. Where `b`
 * is 0, the slope in `a` is `b y / a`, as in the derivative rule.
 */
export const power: TaylorRule<"pow"> = ([a, b], [y], _, operators) => [powerSeries(operators, a!, b!, y!)];

function powerSeries(operators: Operators, a: Series, b: Series, y: Tensor): Series {
  if (operators.order === 0) return [[y]];
  const below = withoutHighest(operators);
  const inBase = moves(a) ? slopeInBase(below, a, b) : undefined;
  // 0^b is flat in b for b >= 0; log(0) must not turn that into NaN. Below 0 both are infinite.
  const base = constantWhere(and(equal(valueIn(a), 0), lessEqual(0, valueIn(b))), 1, a, below.order);
  const logs = logarithm(0)(below, base, log(valueIn(base)));
  const [ofBase, ofExponent]: [MaybePart[], MaybePart[]] = [[], []];
  return grow(y, operators.order, (s, k) => {
    ofBase.push(inBase?.(s, ofBase, k - 1) ?? null);
    ofExponent.push(moves(b) ? productAt(operators, s, logs, k - 1) : null);
    return plus(chainAt(operators, a, ofBase, k), chainAt(operators, b, ofExponent, k));
  });
}

/** The derivatives of order `k` of the slope in `a`, from those of `y` and those of the slope before it. */
function slopeInBase(operators: Operators, a: Series, b: Series) {
  const { order } = operators;
  const flat = equal(valueIn(b), 0);
  const exponent = constantWhere(flat, 1, b, order);
  const [, ...derivatives] = exponent;
  const below: Series = [[sub(valueIn(exponent), 1)], ...derivatives];
  const lower = powerSeries(operators, a, below, pow(valueIn(a), valueIn(below)));
  const divisor = constantWhere(not(less(0, abs(valueIn(a)))), 1, a, order);
  return (y: Series, slope: readonly MaybePart[], k: number): MaybePart => {
    const rest = minus(productAt(operators, b, y, k), productAt(operators, divisor, slope, k, { first: 1 }));
    const quotients = each(rest, (one) => div(one, valueIn(divisor)));
    return choice(flat, quotients, productAt(operators, b, lower, k));
  };
}
