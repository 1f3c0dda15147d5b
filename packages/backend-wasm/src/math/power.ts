// pow: exp(y log |x|), with the logarithm to about 70 bits for f64, and the special cases of C99.
import type { Code } from "../encoder/code.ts";
import { f32x4, f64x2, v128 } from "../encoder/opcodes.ts";
import { exp, ln2 } from "./exponential.ts";
import { type Lanes, shuffle32 } from "./lanes.ts";
import { decompose, log, logarithmLimits, normalise } from "./logarithm.ts";

/** An unevaluated sum of two numbers. */
interface Double {
  readonly high: Code;
  readonly low: Code;
}

// ((2 atanh(s) / s - 2) / s^2 - 2/3) / s^2 in s^2
const tail = [
  0.40000000000002295, 0.28571428570080665, 0.22222222523361776, 0.18181784060109363, 0.15386771762820137,
  0.1325647500042541, 0.13199570657779916,
];
const twoThirds = [0.6666666666666666, 3.700743415417188e-17] as const;

/** The exact product (Dekker 1971, halves split by masking): engines may round a relaxed multiply-add twice. */
function exactProduct(lanes: Lanes, a: Code, b: Code): Double {
  const { add, sub, mul } = f64x2;
  const split = (x: Code): Double => {
    const high = lanes.let(v128.and(x, lanes.bits(-1n << 27n)));
    return { high, low: lanes.let(sub(x, high)) };
  };
  const [x, y] = [split(a), split(b)];
  const high = lanes.let(mul(a, b));
  const cross = add(sub(mul(x.high, y.high), high), add(mul(x.high, y.low), mul(x.low, y.high)));
  return { high, low: lanes.let(add(cross, mul(x.low, y.low))) };
}

/** `a + b` where |a| >= |b| or a = 0. */
function orderedSum(lanes: Lanes, a: Code, b: Code): Double {
  const high = lanes.let(f64x2.add(a, b));
  return { high, low: lanes.let(f64x2.add(f64x2.sub(a, high), b)) };
}

function product(lanes: Lanes, a: Double, b: Double): Double {
  const { high, low } = exactProduct(lanes, a.high, b.high);
  const cross = f64x2.add(f64x2.mul(a.high, b.low), f64x2.mul(a.low, b.high));
  return { high, low: lanes.let(f64x2.add(low, cross)) };
}

/** log(x) for x positive and finite. */
function preciseLog(lanes: Lanes, x: Code): Double {
  const { add, sub, mul, div } = f64x2;
  const one = lanes.number(1);
  const normal = normalise(lanes, x);
  const parts = decompose(lanes, normal.x);
  const e = lanes.let(sub(parts.e, normal.shift));
  const f = lanes.let(sub(parts.m, one));
  const denominator = lanes.let(add(parts.m, one));
  const lost = lanes.let(sub(parts.m, sub(denominator, one)));
  const quotient = lanes.let(div(f, denominator));
  const back = exactProduct(lanes, quotient, denominator);
  const residue = sub(sub(sub(f, back.high), back.low), mul(quotient, lost));
  const s: Double = { high: quotient, low: lanes.let(div(residue, denominator)) };
  const z = product(lanes, s, s);
  const u = mul(z.high, lanes.polynomial(z.high, tail));
  const coefficient = orderedSum(lanes, lanes.number(twoThirds[0]), lanes.let(u));
  const series = { high: coefficient.high, low: lanes.let(add(coefficient.low, lanes.number(twoThirds[1]))) };
  const rest = product(lanes, s, product(lanes, z, series));
  const twice = lanes.let(add(s.high, s.high));
  const logM = orderedSum(lanes, twice, rest.high);
  const lowM = add(add(logM.low, rest.low), add(s.low, s.low));
  const sum = orderedSum(lanes, lanes.let(mul(e, lanes.number(ln2.high[1]))), logM.high);
  const low = add(add(sum.low, lowM), mul(e, lanes.number(ln2.low[1])));
  return orderedSum(lanes, sum.high, lanes.let(low));
}

/** |x|^y up to the special cases. */
function magnitude64(lanes: Lanes, x: Code, y: Code): Code {
  const logarithm = preciseLog(lanes, x);
  const high = lanes.let(logarithmLimits(lanes, x, logarithm.high));
  const exponent = product(lanes, { high: y, low: lanes.number(0) }, { high, low: logarithm.low });
  // Beyond the range of exp the low part does not count, and may be NaN.
  const counts = f64x2.lt(f64x2.abs(exponent.high), lanes.number(1000));
  return exp(lanes, exponent.high, lanes.let(v128.and(counts, exponent.low)));
}

function magnitude32(lanes: Lanes, x: Code, y: Code): Code {
  const double = lanes.as("f64");
  const half = (a: Code, b: Code): Code => {
    const logarithm = log(double, double.let(f64x2.promote_low_f32x4(a)));
    const power = exp(double, double.let(f64x2.mul(f64x2.promote_low_f32x4(b), logarithm)));
    return double.let(f32x4.demote_f64x2_zero(power));
  };
  const upper = (a: Code): Code => shuffle32([2, 3, 2, 3], a, a);
  return shuffle32([0, 1, 4, 5], half(x, y), half(upper(x), upper(y)));
}

export function pow(lanes: Lanes, x: Code, y: Code): Code {
  const { f } = lanes;
  const [zero, one] = [lanes.number(0), lanes.number(1)];
  const base = lanes.let(f.abs(x));
  const power = lanes.dtype === "f64" ? magnitude64(lanes, base, y) : magnitude32(lanes, base, y);
  const defined = lanes.let(lanes.pick(f.eq(base, one), one, power));
  const half = lanes.let(f.mul(y, lanes.number(0.5)));
  const integer = lanes.let(f.eq(f.trunc(y), y));
  const odd = v128.andnot(integer, f.eq(f.trunc(half), half));
  const signed = lanes.let(v128.xor(defined, v128.and(odd, v128.and(x, lanes.number(-0)))));
  const finiteNegative = v128.and(f.lt(x, zero), f.lt(base, lanes.number(Number.POSITIVE_INFINITY)));
  const undefinedRoot = v128.andnot(finiteNegative, integer);
  const result = lanes.pick(undefinedRoot, lanes.number(Number.NaN), signed);
  return lanes.pick(v128.or(f.eq(y, zero), f.eq(x, one)), one, result);
}
