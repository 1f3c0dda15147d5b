// Integers of 32 bits from kernels that were made for indices.
//
// Kernels of tfjs 4.22 that are not used as they are:
//  - Multiply on the CPU goes through doubles: products above 2^53 lose their low bits. Halves of 16 bits do not.
//  - FloorDiv divides in f32 on wasm and WebGPU, rounds down and fails on zero; Hooke truncates, and anything divided by zero is zero.
//  - Neg goes through f32 on wasm.
//  - There are no shifts, and BitwiseAnd exists on some engines only: bits come from tables of bytes.
// `u32` is stored as the `i32` with the same bits: sums, differences and products agree.
import type { Kernels } from "../plan/kernels.ts";
import type { Ref } from "../plan/step.ts";

const lowest = -(2 ** 31);
const int = (k: Kernels, value: number): Ref => k.scalar(value, "int32");
const times = (k: Kernels, a: Ref, b: Ref): Ref => k.binary("Multiply", a, b);
const isNegative = (k: Kernels, x: Ref): Ref => k.binary("Less", x, int(k, 0), "bool");

/** The largest `i32`. */
export const largest = (k: Kernels): Ref => int(k, 2147483647);

/** Bits of a `u32` as an `i32` of the same order, and back. */
export const ordered = (k: Kernels, x: Ref): Ref => k.binary("Add", x, int(k, lowest));

export const complement = (k: Kernels, x: Ref): Ref => k.binary("Sub", int(k, -1), x);

export const sign = (k: Kernels, x: Ref): Ref => k.binary("Maximum", int(k, -1), k.binary("Minimum", x, int(k, 1)));

export const negate = (k: Kernels, x: Ref): Ref => k.binary("Sub", int(k, 0), x);

export const abs = (k: Kernels, x: Ref): Ref => k.select(isNegative(k, x), negate(k, x), x);

/** `floor(a / b)`, exactly; `b` is not 0. A kernel that divides in f32 is off by little, which two corrections mend. */
function floorDivide(k: Kernels, a: Ref, b: Ref): Ref {
  const guess = k.binary("FloorDiv", a, b);
  if (k.can.precise) return guess;
  const rest = k.binary("Sub", a, times(k, guess, b));
  const close = k.binary("Add", guess, k.binary("FloorDiv", rest, b));
  const last = k.binary("Sub", a, times(k, close, b));
  const zero = int(k, 0);
  const other = k.binary("NotEqual", isNegative(k, last), isNegative(k, b), "bool");
  const isBelow = k.binary("LogicalAnd", other, k.binary("NotEqual", last, zero, "bool"));
  const beyond = k.select(
    isNegative(k, b),
    k.cast(k.binary("LessEqual", last, b, "bool"), "int32"),
    k.cast(k.binary("LessEqual", b, last, "bool"), "int32"),
  );
  return k.binary("Add", close, k.binary("Sub", beyond, k.cast(isBelow, "int32")));
}

/** `floor(x / 2^bits)`, exactly. */
const floorShift = (k: Kernels, x: Ref, bits: number): Ref => floorDivide(k, x, int(k, 2 ** bits));

/** The low 32 bits of a product. */
export function multiply(k: Kernels, a: Ref, b: Ref): Ref {
  const isSmall = ({ scalar }: Ref): boolean => scalar !== undefined && Math.abs(scalar) <= 2 ** 21;
  if (isSmall(a) || isSmall(b)) return times(k, a, b);
  const base = int(k, 2 ** 16);
  const high = floorShift(k, a, 16);
  const low = k.binary("Sub", a, times(k, high, base));
  return k.binary("Add", times(k, times(k, high, b), base), times(k, low, b));
}

/** Quotient towards zero and remainder; both 0 where `b` is. */
export function divide(k: Kernels, a: Ref, b: Ref): { readonly quotient: Ref; readonly remainder: Ref } {
  const zero = int(k, 0);
  const isZero = k.binary("Equal", b, zero, "bool");
  const divisor = k.select(isZero, int(k, 1), b);
  const floor = floorDivide(k, a, divisor);
  const above = k.binary("Sub", a, times(k, floor, divisor));
  const differ = k.binary("NotEqual", isNegative(k, a), isNegative(k, divisor), "bool");
  const inexact = k.binary("NotEqual", above, zero, "bool");
  const up = k.cast(k.binary("LogicalAnd", differ, inexact), "int32");
  const quotient = k.binary("Add", floor, up);
  const remainder = k.binary("Sub", above, times(k, up, divisor));
  return { quotient: k.select(isZero, zero, quotient), remainder: k.select(isZero, zero, remainder) };
}

const operations = {
  and: (a: number, b: number) => a & b,
  or: (a: number, b: number) => a | b,
  xor: (a: number, b: number) => a ^ b,
};

/** Byte by byte, from a table of all pairs. */
export function bitwise(k: Kernels, name: keyof typeof operations, a: Ref, b: Ref): Ref {
  const table = k.integers(Array.from({ length: 65536 }, (_, i) => operations[name](i >> 8, i & 255)));
  const base = int(k, 256);
  let [left, right] = [a, b];
  let total: Ref | undefined;
  for (const weight of [1, 2 ** 8, 2 ** 16, 2 ** 24]) {
    const [nextLeft, nextRight] = [floorShift(k, left, 8), floorShift(k, right, 8)];
    const byteA = k.binary("Sub", left, times(k, nextLeft, base));
    const byteB = k.binary("Sub", right, times(k, nextRight, base));
    const index = k.binary("Add", times(k, byteA, base), byteB);
    const byte = k.reshape(k.pickAxis(table, 0, index), index.shape);
    const placed = times(k, byte, int(k, weight));
    total = total ? k.binary("Add", total, placed) : placed;
    [left, right] = [nextLeft, nextRight];
  }
  return total!;
}

/** `2^(b mod 32)`; the largest as its bit pattern. */
function powerOfTwo(k: Kernels, b: Ref): Ref {
  const base = int(k, 32);
  const bits = k.binary("Sub", b, times(k, floorDivide(k, b, base), base));
  const table = k.integers(Array.from({ length: 32 }, (_, i) => (1 << i) | 0));
  return k.reshape(k.pickAxis(table, 0, bits), bits.shape);
}

export const shiftLeft = (k: Kernels, a: Ref, b: Ref): Ref => multiply(k, a, powerOfTwo(k, b));

/** Arithmetic: rounds down. */
export function shiftRight(k: Kernels, a: Ref, b: Ref): Ref {
  const power = powerOfTwo(k, b);
  // By 31 only the sign is left; 2^31 itself is not an i32.
  const isWhole = isNegative(k, power);
  const shifted = floorDivide(k, a, k.select(isWhole, int(k, 1), power));
  return k.select(isWhole, k.binary("Sub", int(k, 0), k.cast(isNegative(k, a), "int32")), shifted);
}

/** A float as a whole number towards zero, between `low` and the largest; NaN becomes 0. */
export function saturate(k: Kernels, x: Ref, low: number): Ref {
  const isNumber = k.binary("Equal", x, x, "bool");
  const number = k.select(isNumber, x, k.scalar(0));
  // The largest float below 2^31.
  const inside = k.binary("Maximum", k.binary("Minimum", number, k.scalar(2147483520)), k.scalar(low));
  return k.select(k.binary("GreaterEqual", x, k.scalar(2 ** 31), "bool"), largest(k), k.cast(inside, "int32"));
}
