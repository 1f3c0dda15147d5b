// log and log1p: x = 2^e m with m in [sqrt(1/2), sqrt(2)), and log(1 + f) through s = f / (2 + f).
import type { Code } from "../encoder/code.ts";
import { i32, v128 } from "../encoder/opcodes.ts";
import { ln2 } from "./exponential.ts";
import type { Lanes } from "./lanes.ts";

// (2 atanh(s) / s - 2) / s^2 as a polynomial in s^2
const log32 = [0.666667759, 0.399774224, 0.29875052];
const log64 = [
  0.6666666666666735, 0.3999999999940729, 0.2857142874417927, 0.2222219837508193, 0.18183575323656237,
  0.15313752066253153, 0.14799100285835123,
];

/** `m`, the exponent `e` as a float, and the bits of 2^e; x positive and normal. */
export function decompose(lanes: Lanes, x: Code): { m: Code; e: Code; power: Code } {
  const { f, i, bias, mantissaBits, oneBits } = lanes;
  const integerUnit = 2 ** mantissaBits;
  const integerBits = BigInt(bias + mantissaBits) << BigInt(mantissaBits);
  const shifted = lanes.let(i.add(x, lanes.bits(oneBits - lanes.either(0x3f3504f3n, 0x3fe6a09e667f3bcdn))));
  const power = lanes.let(v128.and(shifted, lanes.bits(-1n << BigInt(mantissaBits))));
  const m = lanes.let(i.add(i.sub(x, power), lanes.bits(oneBits)));
  const exponent = i.shr_u(shifted, i32.const(mantissaBits));
  const e = f.sub(v128.or(exponent, lanes.bits(integerBits)), lanes.number(integerUnit + bias));
  return { m, e: lanes.let(e), power };
}

/** log(2^e (1 + f)) */
function combine(lanes: Lanes, f: Code, e: Code): Code {
  const { f: v } = lanes;
  const s = lanes.let(v.div(f, v.add(f, lanes.number(2))));
  const z = lanes.let(v.mul(s, s));
  const h = lanes.let(v.mul(v.mul(f, f), lanes.number(0.5)));
  const sum = lanes.madd(z, lanes.polynomial(z, lanes.either(log32, log64)), h);
  const low = lanes.madd(s, sum, v.mul(e, lanes.number(lanes.either(...ln2.low))));
  return lanes.madd(e, lanes.number(lanes.either(...ln2.high)), v.sub(f, v.sub(h, low)));
}

/** -Infinity at 0, NaN below, and Infinity and NaN of the argument, where `x` is the number whose logarithm is `result`. */
export function logarithmLimits(lanes: Lanes, x: Code, result: Code): Code {
  const { f } = lanes;
  const zero = lanes.number(0);
  const finite = lanes.pick(f.lt(x, lanes.number(Number.POSITIVE_INFINITY)), result, x);
  const limit = lanes.pick(f.eq(x, zero), lanes.number(Number.NEGATIVE_INFINITY), lanes.number(Number.NaN));
  return lanes.pick(f.le(x, zero), limit, finite);
}

/** Makes subnormal numbers normal: `x` times 2^shift, and the shift to subtract from the exponent. */
export function normalise(lanes: Lanes, x: Code): { x: Code; shift: Code } {
  const { f } = lanes;
  const shift = lanes.either(25, 54);
  const small = lanes.let(f.lt(x, lanes.number(lanes.either(2 ** -126, 2 ** -1022))));
  return {
    x: lanes.let(lanes.pick(small, f.mul(x, lanes.number(2 ** shift)), x)),
    shift: v128.and(small, lanes.number(shift)),
  };
}

export function log(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const normal = normalise(lanes, x);
  const { m, e } = decompose(lanes, normal.x);
  const exponent = lanes.let(f.sub(e, normal.shift));
  return logarithmLimits(lanes, x, combine(lanes, lanes.let(f.sub(m, lanes.number(1))), exponent));
}

export function log1p(lanes: Lanes, x: Code): Code {
  const { f, i, oneBits } = lanes;
  const one = lanes.number(1);
  const u = lanes.let(f.add(x, one));
  const { m, e, power } = decompose(lanes, u);
  // What the sum lost, scaled like m. Beyond 2^60 it lost nothing that counts and the scale may not exist.
  const lost = f.sub(x, f.sub(u, one));
  const scaled = f.mul(lost, i.sub(lanes.bits(2n * oneBits), power));
  const correction = v128.and(f.lt(u, lanes.number(2 ** 60)), scaled);
  const result = combine(lanes, lanes.let(f.add(f.sub(m, one), correction)), e);
  return lanes.pick(f.eq(x, lanes.number(0)), x, logarithmLimits(lanes, u, result));
}
