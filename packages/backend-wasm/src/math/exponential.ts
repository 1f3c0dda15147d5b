// exp, expm1, tanh, sigmoid: x = n ln 2 + r with |r| <= ln(2) / 2, and a minimax polynomial for e^r - 1.
import type { Code } from "../encoder/code.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { Lanes } from "./lanes.ts";

export const ln2 = {
  // The high part times any exponent is exact.
  high: [0.693145751953125, 0.6931471806019545],
  low: [1.4286068203094173e-6, -4.2009150726810846e-11],
} as const;

// (e^r - 1 - r) / r^2
const exp32 = [0.49999994, 0.166665211, 0.041668389, 0.00836872309, 0.00138145336];
const exp64 = [
  0.5000000000000011, 0.16666666666666413, 0.04166666666652993, 0.008333333333494189, 0.0013888888943683522,
  0.00019841269507324765, 2.4801493048059982e-5, 2.7557585613405838e-6, 2.763026520380497e-7, 2.50003234374539e-8,
];

/**
 * `biased`, in whose low bits n + `exponent` stands, and `q`: e^(`factor` (x + `tail`)) = 2^n (1 + `factor` q). x must be clamped; the factor is a
 * power of two, of either sign, which costs nothing here.
 */
function reduceExponent(
  lanes: Lanes,
  x: Code,
  exponent: number,
  { factor = 1, tail }: { readonly factor?: number; readonly tail?: Code | undefined } = {},
): { biased: Code; q: Code } {
  const { f } = lanes;
  // Adding it rounds to an integer, which then stands in the low bits of the sum.
  const bias = lanes.number(1.5 * 2 ** lanes.mantissaBits + exponent);
  const biased = lanes.let(lanes.madd(x, lanes.number(factor * Math.LOG2E), bias));
  const n = lanes.let(f.sub(biased, bias));
  const [high, low] = [ln2.high, ln2.low].map(([f32, f64]) => lanes.number(lanes.either(f32, f64) / factor)) as [
    Code,
    Code,
  ];
  const remainder = lanes.nmadd(n, low, lanes.nmadd(n, high, x));
  const r = lanes.let(tail === undefined ? remainder : f.add(remainder, tail));
  const square = lanes.let(f.mul(r, r));
  const coefficients = lanes.either(exp32, exp64).map((c, k) => c * factor ** (k + 1));
  return { biased, q: lanes.let(lanes.madd(square, lanes.polynomial(r, coefficients, square), r)) };
}

/** 2^m for m + the exponent's bias in the low bits of `biased`; the exponent must stay in range (its maximum gives Infinity). */
const powerOfTwo = ({ i, mantissaBits }: Lanes, biased: Code): Code => i.shl(biased, i32.const(mantissaBits));

/** e^(x + tail), with overflow to Infinity and gradual underflow: the scale is applied in two halves, which differ where n is odd. */
export function exp(lanes: Lanes, x: Code, tail?: Code): Code {
  const { f, i } = lanes;
  const clamped = lanes.let(lanes.clamp(x, lanes.either(-104, -746), lanes.either(89, 710)));
  const { biased, q } = reduceExponent(lanes, clamped, 2 * lanes.bias, { tail });
  const half = lanes.let(i.shr_u(biased, i32.const(1)));
  const scaled = f.mul(f.add(q, lanes.number(1)), powerOfTwo(lanes, half));
  return f.mul(scaled, powerOfTwo(lanes, i.sub(biased, half)));
}

/** e^x without underflow: x must lie in the range of normal results. */
export function expNormal(lanes: Lanes, x: Code): Code {
  const { biased, q } = reduceExponent(lanes, x, lanes.bias);
  return lanes.f.mul(lanes.f.add(q, lanes.number(1)), powerOfTwo(lanes, biased));
}

export function expm1(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const clamped = lanes.let(lanes.clamp(x, lanes.either(-20, -40), lanes.either(89, 710)));
  const { biased, q } = reduceExponent(lanes, clamped, lanes.bias - 1);
  // In halves, so that the scale never overflows before the result does; q is doubled, since half of the smallest number is 0.
  const half = lanes.let(powerOfTwo(lanes, biased));
  const rest = lanes.let(f.sub(half, lanes.number(0.5)));
  return lanes.withSignOf(x, f.add(lanes.madd(f.add(q, q), half, rest), rest));
}

/** (e^2|x| - 1) / (e^2|x| + 1) through half of expm1: no cancellation near 0. */
export function tanh(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const magnitude = lanes.let(f.pmin(f.abs(x), lanes.number(lanes.either(9.02, 20))));
  const { biased, q } = reduceExponent(lanes, magnitude, lanes.bias, { factor: 2 });
  const scale = lanes.let(powerOfTwo(lanes, biased));
  const half = lanes.let(lanes.madd(q, scale, lanes.madd(scale, lanes.number(0.5), lanes.number(-0.5))));
  return lanes.withSignOf(x, f.div(half, f.add(half, lanes.number(1))));
}

/** 1 / (1 + e^-x), both sides of the division scaled down, so that e^-x does not overflow before the result underflows. */
export function sigmoid(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const shift = lanes.either(64, 128);
  const one = lanes.number(2 ** -shift);
  const clamped = lanes.let(lanes.clamp(x, lanes.either(-104, -746), 40));
  const { biased, q } = reduceExponent(lanes, clamped, lanes.bias - shift, { factor: -1 });
  return f.div(one, f.add(one, f.mul(f.sub(lanes.number(1), q), powerOfTwo(lanes, biased))));
}
