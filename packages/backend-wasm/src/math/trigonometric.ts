// sin, cos, tan: the argument minus n pi/2 in double precision, and minimax polynomials on [-pi/4, pi/4].
import type { Code } from "../encoder/code.ts";
import { local, when } from "../encoder/control.ts";
import { f32x4, f64x2, i32, v128 } from "../encoder/opcodes.ts";
import { type Lanes, shuffle32 } from "./lanes.ts";
import { addReduceLarge, largeArgument } from "./reduction.ts";

// pi/2 in three parts of which the first two times n < 2^22 are exact (Cody and Waite). All positive: -0 stays -0.
const halfPi = [1.570796325802803, 9.920935791635221e-10, 5.170182981794105e-19] as const;

// sin(r) = r (1 + r^2 S) and cos(r) = 1 - r^2 / 2 + r^4 C: S and C in r^2
const sin32 = [-0.166666552, 0.00833217241, -0.000195165325];
const sin64 = [
  -0.16666666666666632, 0.00833333333332231, -0.0001984126982972264, 2.755731366129635e-6, -2.505075315959633e-8,
  1.5896499484149194e-10,
];
const cos32 = [0.0416666456, -0.00138873607, 2.44376861e-5];
const cos64 = [
  0.0416666666666666, -0.001388888888887397, 2.4801587289384484e-5, -2.75573143233093e-7, 2.0875719220225723e-9,
  -1.1359432470263617e-11,
];

/** `r` and, in the low bits of `quadrant`, n. */
interface Reduced {
  readonly r: Code;
  readonly quadrant: Code;
}

function reduce64(lanes: Lanes, x: Code): Reduced {
  const { f } = lanes;
  const bias = lanes.number(1.5 * 2 ** 52);
  const quadrant = lanes.let(lanes.madd(x, lanes.number(2 / Math.PI), bias));
  const n = lanes.let(f.sub(quadrant, bias));
  const r = lanes.let(halfPi.reduce((rest, part) => lanes.nmadd(n, lanes.number(part), rest), x));
  const large = f.gt(f.abs(x), lanes.number(largeArgument));
  const exact = [lanes.options.shared(addReduceLarge, x, r, quadrant), local.set(r.index), local.set(quadrant.index)];
  lanes.do(when(v128.any_true(large), exact));
  return { r, quadrant };
}

function reduce(lanes: Lanes, x: Code): Reduced {
  if (lanes.dtype === "f64") return reduce64(lanes, x);
  const double = lanes.as("f64");
  const low = reduce64(double, double.let(f64x2.promote_low_f32x4(x)));
  const high = reduce64(double, double.let(f64x2.promote_low_f32x4(shuffle32([2, 3, 2, 3], x, x))));
  return {
    r: lanes.let(shuffle32([0, 1, 4, 5], f32x4.demote_f64x2_zero(low.r), f32x4.demote_f64x2_zero(high.r))),
    quadrant: lanes.let(shuffle32([0, 2, 4, 6], low.quadrant, high.quadrant)),
  };
}

function sinAndCos(lanes: Lanes, r: Code): { sine: Code; cosine: Code } {
  const { f } = lanes;
  const z = lanes.let(f.mul(r, r));
  const sine = f.mul(r, lanes.madd(z, lanes.polynomial(z, lanes.either(sin32, sin64)), lanes.number(1)));
  const flat = lanes.nmadd(z, lanes.number(0.5), lanes.number(1));
  const cosine = lanes.madd(f.mul(z, z), lanes.polynomial(z, lanes.either(cos32, cos64)), flat);
  return { sine: lanes.let(sine), cosine: lanes.let(cosine) };
}

const isOdd = (lanes: Lanes, quadrant: Code): Code => lanes.i.neg(v128.and(quadrant, lanes.bits(1n)));

function sineOf(lanes: Lanes, x: Code, quarters: bigint): Code {
  const { i, mantissaBits } = lanes;
  const reduced = reduce(lanes, x);
  const { sine, cosine } = sinAndCos(lanes, reduced.r);
  const quadrant = quarters === 0n ? reduced.quadrant : lanes.let(i.add(reduced.quadrant, lanes.bits(quarters)));
  const value = lanes.pick(isOdd(lanes, quadrant), cosine, sine);
  const sign = i.shl(v128.and(quadrant, lanes.bits(2n)), i32.const(mantissaBits === 23 ? 30 : 62));
  return v128.xor(value, sign);
}

export const sin = (lanes: Lanes, x: Code): Code => sineOf(lanes, x, 0n);

export const cos = (lanes: Lanes, x: Code): Code => sineOf(lanes, x, 1n);

export function tan(lanes: Lanes, x: Code): Code {
  const { f } = lanes;
  const { r, quadrant } = reduce(lanes, x);
  const { sine, cosine } = sinAndCos(lanes, r);
  const odd = lanes.let(isOdd(lanes, quadrant));
  return f.div(lanes.pick(odd, cosine, sine), lanes.pick(odd, f.neg(sine), cosine));
}
