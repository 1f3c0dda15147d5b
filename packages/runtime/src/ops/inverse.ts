// Hyperbolic functions and the inverses of these and of the circular ones: values and derivatives to the last digits, near 0, at poles and
// at the ends of the type, where formulas that are right on paper cancel or overflow.
import { nothingMore } from "../options/check-options.ts";
import type { Tensor } from "../tensor.ts";
import { align, type Operand } from "./align.ts";
import {
  abs,
  add,
  div,
  equal,
  exp,
  expm1,
  fullLike,
  less,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  rsqrt,
  select,
  sign,
  sqrt,
  square,
  sub,
} from "./elementwise.ts";
import { known } from "./known.ts";
import { floats } from "./requirements.ts";

/** From the highest power to the constant. */
const polynomial = (x: Tensor, [highest, ...others]: readonly number[]): Tensor =>
  others.reduce<Tensor>((total, c) => add(mul(total, x), c), fullLike(x, highest!));

/** `compute(|x|)` with the sign of `x`. */
function odd(x: Tensor, compute: (size: Tensor) => Tensor): Tensor {
  const value = compute(abs(x));
  return select(less(x, 0), neg(value), value);
}

/** `(atan(r) / r - 1) / r^2` of `z = r^2` for |r| up to tan(pi/8), highest power first, from Moshier's Cephes: f32, and a quotient for f64. */
const arcSeries = [8.053744e-2, -0.13877686, 0.1997771, -0.3333295];
const arcQuotient = [
  [-0.8750608600031904, -16.157537187333652, -75.00855792314705, -122.88666844901361, -64.85021904942025],
  [1, 24.858464901423062, 165.02700983169885, 432.88106049129027, 485.3903996359137, 194.5506571482614],
] as const;

/** `atan(t)` for t in [0, 1]: from the nearer of 0 and pi/4. */
function arc(t: Tensor): Tensor {
  const far = less(Math.SQRT2 - 1, t);
  const r = select(far, div(sub(t, 1), add(t, 1)), t);
  const z = square(r);
  const [above, below] = arcQuotient;
  const series = t.dtype === "f32" ? polynomial(z, arcSeries) : div(polynomial(z, above), polynomial(z, below));
  const near = add(r, mul(mul(r, z), series));
  return select(far, add(near, Math.PI / 4), near);
}

/** The angle of the point `(x, y)`. */
function angle(y: Tensor, x: Tensor): Tensor {
  const [width, height] = [abs(x), abs(y)];
  // Of two zeros the quotient is 0, of two infinities 1.
  const quotient = div(minimum(width, height), maximum(width, height));
  const first = arc(select(equal(width, height), sign(width), quotient));
  const second = select(less(width, height), sub(Math.PI / 2, first), first);
  const upper = select(less(x, 0), sub(Math.PI, second), second);
  return select(less(y, 0), neg(upper), upper);
}

/** The smaller coordinate of a point by the larger, and both by the square of the distance: of these all derivatives of its angle consist. */
function polar(y: Tensor, x: Tensor): Readonly<Record<"steep" | "ratio" | "ofLarge" | "ofSmall", Tensor>> {
  const steep = less(abs(x), abs(y));
  const farther = select(steep, y, x);
  const origin = equal(farther, 0);
  const large = select(origin, 1, farther);
  const ratio = div(select(steep, x, y), large);
  const share = select(origin, 0, div(1, add(square(ratio), 1)));
  // The ratio first: 1 / large may overflow where the quotient does not.
  return { steep, ratio, ofLarge: div(share, large), ofSmall: div(mul(ratio, share), large) };
}

type OfPoint = (y: Tensor, x: Tensor) => Tensor;

/** `x / (x^2 + y^2)` and `y / (x^2 + y^2)` without squares of large or tiny numbers; 0 at the origin. */
const inX: OfPoint = (y, x) =>
  known(
    "x / r^2",
    [y, x],
    (b, a) => {
      const { steep, ofLarge, ofSmall } = polar(b, a);
      return select(steep, ofSmall, ofLarge);
    },
    [(b, a) => neg(twist(b, a)), spread],
  );
const inY: OfPoint = (y, x) =>
  known("y / r^2", [y, x], (b, a) => inX(a, b), [(b, a) => neg(spread(b, a)), (b, a) => neg(twist(b, a))]);

/** `2 x y / r^4`: 0 on the axes, also where `1 / r^2` overflows. */
const twist: OfPoint = (y, x) =>
  known(
    "2 x y / r^4",
    [y, x],
    (b, a) => {
      const { ratio, ofLarge, ofSmall } = polar(b, a);
      return select(equal(ratio, 0), 0, mul(mul(ofSmall, 2), ofLarge));
    },
    [
      (b, a) => mul(add(mul(twist(b, a), inY(b, a)), mul(spread(b, a), inX(b, a))), -2),
      (b, a) => mul(sub(mul(spread(b, a), inY(b, a)), mul(twist(b, a), inX(b, a))), 2),
    ],
  );

/** `(y^2 - x^2) / r^4`: 0 on the diagonals, also where `1 / r^2` overflows. */
const spread: OfPoint = (y, x) =>
  known(
    "(y^2 - x^2) / r^4",
    [y, x],
    (b, a) => {
      const { steep, ratio, ofLarge } = polar(b, a);
      const size = mul(mul(mul(sub(1, ratio), add(ratio, 1)), ofLarge), ofLarge);
      return select(equal(abs(b), abs(a)), 0, select(steep, size, neg(size)));
    },
    [
      (b, a) => mul(sub(mul(twist(b, a), inX(b, a)), mul(spread(b, a), inY(b, a))), 2),
      (b, a) => mul(add(mul(twist(b, a), inY(b, a)), mul(spread(b, a), inX(b, a))), -2),
    ],
  );

/**
 * The angle of the point `(x, y)` in radians, from -pi to pi; 0 at the origin, where it has no derivative: there it is 0, as in PyTorch. The
 * sign of a zero is not seen: `atan2(-0, -1)` is pi.
 */
export function atan2(y: Operand, x: Operand, ...more: []): Tensor {
  const [height, width] = align("atan2", [floats("atan2", y, more), x]) as [Tensor, Tensor];
  return known("atan2", [height, width], angle, [inX, (b, a) => neg(inY(b, a))]);
}

type Unary = (x: Operand) => Tensor;

/** A function of floats with its derivative. */
function unary(name: string, compute: (x: Tensor) => Tensor, slope: (x: Tensor) => Tensor): Unary {
  return (x, ...more: []) => {
    return known(name, [floats(name, x, more)], compute, [slope]);
  };
}

/** Inverse tangent, from -pi/2 to pi/2. */
export function atan(x: Operand, ...more: []): Tensor {
  nothingMore("atan", more);
  return atan2(floats("atan", x), 1);
}

/** `1 - x^2`: a product near 1, whose factors' derivatives would cancel near 0 and be 0 times Infinity at 1. */
const complement = (x: Tensor): Tensor =>
  known("complement", [x], (v) => mul(sub(1, v), add(v, 1)), [(v) => mul(v, -2)]);

const asinSlope = (x: Tensor): Tensor => rsqrt(complement(x));
const acosSlope = (x: Tensor): Tensor => neg(asinSlope(x));

/** Inverse sine, from -pi/2 to pi/2; NaN beyond -1 and 1, where its derivative is infinite. */
export const asin: (x: Operand) => Tensor = /* @__PURE__ */ unary(
  "asin",
  (x) => angle(x, sqrt(complement(x))),
  asinSlope,
);

/** Inverse cosine, from 0 to pi; NaN beyond -1 and 1, where its derivative is infinite. */
export const acos: (x: Operand) => Tensor = /* @__PURE__ */ unary(
  "acos",
  (x) => angle(sqrt(complement(x)), x),
  acosSlope,
);

/** From here on, `e^-x` is nothing beside `e^x`. */
const wide = 20;

/** `e^x / 2`, which overflows later than `e^x`. */
function halfExp(x: Tensor): Tensor {
  const root = exp(mul(x, 0.5));
  return mul(mul(root, 0.5), root);
}

const sinhOf = (x: Tensor): Tensor =>
  odd(x, (size) => {
    const e = expm1(size);
    return select(less(wide, size), halfExp(size), mul(add(e, div(e, add(e, 1))), 0.5));
  });

function coshOf(x: Tensor): Tensor {
  const size = abs(x);
  const e = exp(size);
  return select(less(wide, size), halfExp(size), mul(add(e, div(1, e)), 0.5));
}

/** Hyperbolic sine, exact near 0. */
export const sinh: (x: Operand) => Tensor = /* @__PURE__ */ unary("sinh", sinhOf, (x) => cosh(x));

/** Hyperbolic cosine. */
export const cosh: (x: Operand) => Tensor = /* @__PURE__ */ unary("cosh", coshOf, sinh);

/** From here on, `sqrt(x^2 + 1)` is `x`. */
const huge = ({ dtype }: Tensor): number => (dtype === "f32" ? 2 ** 13 : 2 ** 28);
const logOfDouble = (x: Tensor): Tensor => add(log(x), Math.LN2);

const asinhOf = (x: Tensor): Tensor =>
  odd(x, (size) => {
    const rest = div(square(size), add(sqrt(add(square(size), 1)), 1));
    return select(less(huge(x), size), logOfDouble(size), log1p(add(size, rest)));
  });

function asinhSlope(x: Tensor): Tensor {
  const far = less(1, abs(x));
  const inverse = div(1, select(far, x, 1));
  const root = rsqrt(add(square(select(far, inverse, x)), 1));
  return select(far, mul(abs(inverse), root), root);
}

/** Inverse hyperbolic sine, exact near 0 and for large negative numbers. */
export const asinh: (x: Operand) => Tensor = /* @__PURE__ */ unary("asinh", asinhOf, asinhSlope);

function acoshOf(x: Tensor): Tensor {
  const above = sub(x, 1);
  const step = add(above, mul(sqrt(above), sqrt(add(x, 1))));
  return select(less(huge(x), x), logOfDouble(x), log1p(step));
}

const acoshSlope = (x: Tensor): Tensor => mul(rsqrt(sub(x, 1)), rsqrt(add(x, 1)));

/** Inverse hyperbolic cosine, not negative, exact near 1; NaN below 1, where its derivative is infinite. */
export const acosh: (x: Operand) => Tensor = /* @__PURE__ */ unary("acosh", acoshOf, acoshSlope);

const atanhOf = (x: Tensor): Tensor => odd(x, (size) => mul(log1p(div(mul(size, 2), sub(1, size))), 0.5));
const atanhSlope = (x: Tensor): Tensor => div(1, complement(x));

/** Inverse hyperbolic tangent, exact near 0; infinite at -1 and 1, NaN beyond. */
export const atanh: (x: Operand) => Tensor = /* @__PURE__ */ unary("atanh", atanhOf, atanhSlope);
