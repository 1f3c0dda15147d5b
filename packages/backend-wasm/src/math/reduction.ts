// Large arguments of sin, cos and tan: x modulo pi/2 with as many bits of 2/pi as it takes (Payne and Hanek, 1983). Scalar and rare.
import type { Code } from "../encoder/code.ts";
import { call, local, select, when } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { f64, f64x2, i32, i64, i64x2 } from "../encoder/opcodes.ts";

/** Up to here the three-part subtraction is exact: n < 2^22. */
export const largeArgument = 2 ** 22;

/** The binary digits of 2/pi, after 64 zeros. */
const twoOverPi = `0000000000000000 a2f9836e4e441529 fc2757d1f534ddc0 db6295993c439041 fe5163abdebbc561 b7246e3a424dd2e0
06492eea09d1921c fe1deb1cb129a73e e88235f52ebb4484 e99c7026b45f7e41 3991d639835339f4 9c845f8bbdf9283b 1ff897ffde05980f
ef2f118b5a0a6d1f 6d367ecf27cb09b7 4f463f669e5fea2d 7527bac7ebe5f17b 3d0739f78a5292ea 6bfb5fb11f8d5d08 56033046fc7b6bab`;

/** The 64-bit word of 2/pi at an index. */
function addDigits(module: ModuleBuilder): FunctionBuilder {
  const fn = module.addFunction(["i32"], ["i64"]);
  const words = twoOverPi.split(/\s/).map((word) => i64.const(BigInt(`0x${word}`)));
  fn.emit(words.reduce((found, word, i) => select(word, found, i32.eq(local.get(0), i32.const(i)))));
  return fn;
}

/** The upper 64 bits of an unsigned product. */
function addMultiplyHigh(module: ModuleBuilder): FunctionBuilder {
  const fn = module.addFunction(["i64", "i64"], ["i64"]);
  const [a, b] = [local.get(0), local.get(1)];
  const high = (x: Code): Code => i64.shr_u(x, i64.const(32n));
  const low = (x: Code): Code => i64.and(x, i64.const(0xffffffffn));
  const [cross, middle] = fn.locals("i64", 2);
  fn.emit(
    local.set(cross, i64.add(i64.mul(high(a), low(b)), high(i64.mul(low(a), low(b))))),
    local.set(middle, i64.add(i64.mul(low(a), high(b)), low(local.get(cross)))),
    i64.add(i64.mul(high(a), high(b)), i64.add(high(local.get(cross)), high(local.get(middle)))),
  );
  return fn;
}

/** `(x) -> r, n` with x = n pi/2 + r, |r| <= pi/4, n modulo 4; |x| in [2^22, Infinity). */
function addReduceScalar(module: ModuleBuilder): FunctionBuilder {
  const digits = addDigits(module);
  const multiplyHigh = addMultiplyHigh(module);
  const fn = module.addFunction(["f64"], ["f64", "i64"]);
  const position = fn.local("i32");
  const [bits, significand, word0, word1, word2, upper, lower, n] = fn.locals("i64", 8);
  const get = local.get;
  const high = (word: number): Code => call(multiplyHigh.index, get(significand), get(word));
  const low = (word: number): Code => i64.mul(get(significand), get(word));
  // 64 digits from `position`, `ahead` words further on.
  const digitsAt = (ahead: number): Code => {
    const word = (more: number): Code =>
      call(digits.index, i32.add(i32.shr_u(get(position), i32.const(6)), i32.const(ahead + more)));
    const shift = i64.extend_i32_u(i32.and(get(position), i32.const(63)));
    const next = i64.shr_u(i64.shr_u(word(1), i64.const(1n)), i64.sub(i64.const(63n), shift));
    return i64.or(i64.shl(word(0), shift), next);
  };
  const fraction = f64.add(
    f64.mul(f64.convert_i64_s(get(upper)), f64.const(2 ** -62)),
    f64.mul(f64.convert_i64_u(get(lower)), f64.const(2 ** -126)),
  );
  const negative = i64.lt_s(get(bits), i64.const(0n));
  fn.emit(
    local.set(bits, i64.reinterpret_f64(get(0))),
    local.set(significand, i64.or(i64.and(get(bits), i64.const((1n << 52n) - 1n)), i64.const(1n << 52n))),
    // x = significand 2^(exponent - 1075); digits worth multiples of 4 are skipped, and 64 of them are padding.
    i32.and(i32.wrap_i64(i64.shr_u(get(bits), i64.const(52n))), i32.const(0x7ff)),
    local.set(position, i32.sub([], i32.const(1077 - 64))),
    local.set(word0, digitsAt(0)),
    local.set(word1, digitsAt(1)),
    local.set(word2, digitsAt(2)),
    local.set(lower, i64.add(low(word1), high(word2))),
    local.set(upper, i64.add(low(word0), high(word1))),
    local.set(upper, i64.add(get(upper), i64.extend_i32_u(i64.lt_u(get(lower), low(word1))))),
    local.set(n, i64.shr_u(i64.add(get(upper), i64.const(1n << 61n)), i64.const(62n))),
    local.set(upper, i64.sub(get(upper), i64.shl(get(n), i64.const(62n)))),
    f64.copysign(f64.const(Math.PI / 2), get(0)),
    f64.mul([], fraction),
    when(negative, i64.sub(i64.const(0n), get(n)), get(n), "i64"),
  );
  return fn;
}

/** `(x, r, quadrant) -> quadrant, r` with the lanes of large finite arguments replaced. */
export function addReduceLarge(module: ModuleBuilder): FunctionBuilder {
  const scalar = addReduceScalar(module);
  const fn = module.addFunction(["v128", "v128", "v128"], ["v128", "v128"]);
  const [x, r, quadrant, n] = [0, 1, 2, fn.local("i64")] as const;
  const value = fn.local("f64");
  for (const lane of [0, 1]) {
    const argument = f64x2.extract_lane(lane, local.get(x));
    const magnitude = f64.abs(argument);
    const applies = i32.and(
      f64.gt(magnitude, f64.const(largeArgument)),
      f64.lt(magnitude, f64.const(Number.POSITIVE_INFINITY)),
    );
    fn.emit(
      when(applies, [
        call(scalar.index, argument),
        local.set(n),
        local.set(value),
        local.set(r, f64x2.replace_lane(lane, local.get(r), local.get(value))),
        local.set(quadrant, i64x2.replace_lane(lane, local.get(quadrant), local.get(n))),
      ]),
    );
  }
  fn.emit(local.get(quadrant), local.get(r));
  return fn;
}
