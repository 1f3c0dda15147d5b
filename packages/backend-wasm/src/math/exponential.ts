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

/** Adding it rounds to an integer, which then stands in the low bits of the sum. */
const roundingBias = (lanes: Lanes): Code => lanes.number(lanes.either(1.5 * 2 ** 23, 1.5 * 2 ** 52));

/** 2^n for `biased` = n + the rounding bias, times 2^shift; the exponent must stay in range (its maximum gives Infinity). */
export function powerOfTwo(lanes: Lanes, biased: Code, shift = 0n): Code {
  const { i, mantissaBits, oneBits } = lanes;
  const one = lanes.bits(oneBits + (shift << BigInt(mantissaBits)));
  return i.add(i.shl(biased, i32.const(mantissaBits)), one);
}

/** `n + bias`, `n`, and `q = e^r - 1` of `x + tail`; x must be clamped. */
export function reduceExponent(lanes: Lanes, x: Code, tail?: Code): { biased: Code; n: Code; q: Code } {
  const { f } = lanes;
  const bias = roundingBias(lanes);
  const biased = lanes.let(lanes.madd(x, lanes.number(Math.LOG2E), bias));
  const n = lanes.let(f.sub(biased, bias));
  const [high, low] = [lanes.number(lanes.either(...ln2.high)), lanes.number(lanes.either(...ln2.low))];
  const remainder = lanes.nmadd(n, low, lanes.nmadd(n, high, x));
  const r = lanes.let(tail === undefined ? remainder : f.add(remainder, tail));
  const p = lanes.polynomial(r, lanes.either(exp32, exp64));
  return { biased, n, q: lanes.let(lanes.madd(f.mul(r, r), p, r)) };
}

/** e^(x + tail), with overflow to Infinity and gradual underflow: the scale is applied in two halves. */
export function exp(lanes: Lanes, x: Code, tail?: Code): Code {
  const { f } = lanes;
  const clamped = lanes.let(lanes.clamp(x, lanes.either(-104, -746), lanes.either(89, 710)));
  const { n, q } = reduceExponent(lanes, clamped, tail);
  const bias = roundingBias(lanes);
  const half = lanes.let(lanes.madd(n, lanes.number(0.5), bias));
  const rest = f.add(f.sub(n, f.sub(half, bias)), bias);
  const scaled = f.mul(f.add(q, lanes.number(1)), powerOfTwo(lanes, half));
  return f.mul(scaled, powerOfTwo(lanes, rest));
}

/** e^x without underflow: x must lie in the range of normal results. */
export function expNormal(lanes: Lanes, x: Code): Code {
  const { biased, q } = reduceExponent(lanes, x);
  return lanes.f.mul(lanes.f.add(q, lanes.number(1)), powerOfTwo(lanes, biased));
}

export function expm1(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const clamped = lanes.let(lanes.clamp(x, lanes.either(-20, -40), lanes.either(89, 710)));
  const { biased, q } = reduceExponent(lanes, clamped);
  // In halves, so that the scale never overflows before the result does; q is doubled, since half of the smallest number is 0.
  const half = lanes.let(powerOfTwo(lanes, biased, -1n));
  const rest = lanes.let(f.sub(half, lanes.number(0.5)));
  return lanes.withSignOf(x, f.add(lanes.madd(f.add(q, q), half, rest), rest));
}

/** (e^2|x| - 1) / (e^2|x| + 1) through expm1: no cancellation near 0. */
export function tanh(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const magnitude = f.pmin(f.abs(x), lanes.number(lanes.either(9.02, 20)));
  const { biased, q } = reduceExponent(lanes, lanes.let(f.mul(magnitude, lanes.number(2))));
  const scale = lanes.let(powerOfTwo(lanes, biased));
  const e = lanes.let(lanes.madd(q, scale, f.sub(scale, lanes.number(1))));
  return lanes.withSignOf(x, f.div(e, f.add(e, lanes.number(2))));
}

/** 1 / (1 + e^-x), both sides of the division scaled down, so that e^-x does not overflow before the result underflows. */
export function sigmoid(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const shift = lanes.either(64, 128);
  const one = lanes.number(2 ** -shift);
  const clamped = lanes.let(lanes.clamp(f.neg(x), -40, lanes.either(104, 746)));
  const { biased, q } = reduceExponent(lanes, clamped);
  const exponential = f.mul(f.add(q, lanes.number(1)), powerOfTwo(lanes, biased, BigInt(-shift)));
  return f.div(one, f.add(one, exponential));
}
