// How arrays live in vectors: loading, storing and repeating the lanes of every dtype.
//
// A loop works on 4 lanes, or on 2 where an f64 takes part. 4-byte elements fill the low lanes. A bool is a mask as wide as
// a lane (32 bits of 4 lanes, 64 bits of 2) in a vector and one byte, 0 or 1, in memory.
import type { View } from "@hooke/plan";
import { byteSize, type DType } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import { f32x4, f64x2, i8x16, i16x8, i32, i32x4, i64x2, v128 } from "../encoder/opcodes.ts";

export type Lanes = 2 | 4;

/** What an element is in memory: packed ones are halves of words. */
export type Stored = DType | "packed";

/** The bytes of an element that a view reads. */
export const sizeOfElement = ({ root, packed }: View): number => (packed ? 2 : byteSize[root.dtype]);

/** The word of a half at an address. */
const wordOfHalf = (address: Code, offset: number): Code => i32.shl(i32.load16_u(address, offset), i32.const(16));

const lowLanes = [0, 1, 2, 3, 8, 9, 10, 11];

/** A 64-bit mask of 2 lanes as a 32-bit mask in the low half. */
export const narrowMask = (mask: Code, scratch: number): Code =>
  i8x16.shuffle([...lowLanes, ...lowLanes], local.tee(scratch, mask), local.get(scratch));

/** The low two 32-bit masks as 64-bit ones. */
export const widenMask = (mask: Code): Code => i64x2.extend_low_i32x4_s(mask);

const bytesToWords = (bytes: Code): Code => i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));

const maskOfWords = (words: Code, lanes: Lanes): Code => {
  const mask = i32x4.ne(words, i32x4.const(0));
  return lanes === 4 ? mask : widenMask(mask);
};

/** Consecutive elements; reads up to 16 bytes whatever their number. */
export function loadVector(dtype: Stored, lanes: Lanes, address: Code, offset: number): Code {
  if (dtype === "packed") {
    return i32x4.shl(i32x4.extend_low_i16x8_u(v128.load64_zero(address, offset)), i32.const(16));
  }
  if (dtype === "bool") return maskOfWords(bytesToWords(v128.load32_zero(address, offset)), lanes);
  if (dtype === "f64" || lanes === 4) return v128.load(address, offset);
  return v128.load64_zero(address, offset);
}

/** One element in every lane. */
export function loadSplat(dtype: Stored, lanes: Lanes, address: Code, offset: number): Code {
  if (dtype === "packed") return i32x4.splat(wordOfHalf(address, offset));
  if (dtype === "bool") return maskOfWords(i32x4.splat(i32.load8_u(address, offset)), lanes);
  return dtype === "f64" ? v128.load64_splat(address, offset) : v128.load32_splat(address, offset);
}

/** One element into one lane. */
export function loadLane(dtype: Stored, lanes: Lanes, lane: number, address: Code, vector: Code, offset: number): Code {
  if (dtype === "packed") return i32x4.replace_lane(lane, vector, wordOfHalf(address, offset));
  if (dtype === "f64") return v128.load64_lane(lane, address, vector, offset);
  if (dtype !== "bool") return v128.load32_lane(lane, address, vector, offset);
  const mask = i32.sub(i32.const(0), i32.load8_u(address, offset));
  if (lanes === 4) return i32x4.replace_lane(lane, vector, mask);
  return i32x4.replace_lane(2 * lane + 1, i32x4.replace_lane(2 * lane, vector, mask), mask);
}

/** A bool mask as bytes 0 or 1 in the low lanes. */
function maskToBytes(mask: Code, lanes: Lanes, scratch: number): Code {
  const words = lanes === 4 ? mask : narrowMask(mask, scratch);
  const halves = i16x8.narrow_i32x4_s(local.tee(scratch, words), local.get(scratch));
  const bytes = i8x16.narrow_i16x8_s(local.tee(scratch, halves), local.get(scratch));
  return v128.and(bytes, v128.const(new Array(16).fill(1)));
}

/** Stores the first `count` lanes side by side. `scratch` is a v128 local. */
export function storeVector(
  dtype: DType,
  lanes: Lanes,
  count: number,
  address: Code,
  value: Code,
  offset: number,
  scratch: number,
): Code {
  if (dtype === "bool") {
    const set = local.set(scratch, maskToBytes(value, lanes, scratch));
    return [set, ...storePieces(count, 1, address, scratch, offset)];
  }
  const size = dtype === "f64" ? 8 : 4;
  if (count * size === 16) return v128.store(address, value, offset);
  return [local.set(scratch, value), ...storePieces(count, size, address, scratch, offset)];
}

const laneStores = { 8: v128.store64_lane, 4: v128.store32_lane, 2: v128.store16_lane, 1: v128.store8_lane } as const;

/** The low `count * size` bytes of a local in as few stores as possible. */
function storePieces(count: number, size: number, address: Code, source: number, offset: number): Code[] {
  const pieces: Code[] = [];
  let done = 0;
  for (const piece of [8, 4, 2, 1] as const) {
    while (count * size - done >= piece && done % piece === 0) {
      pieces.push(laneStores[piece](done / piece, address, local.get(source), offset + done));
      done += piece;
    }
  }
  return pieces;
}

/** Stores one lane. `value` is a local. */
export function storeLane(
  dtype: DType,
  lanes: Lanes,
  lane: number,
  address: Code,
  value: number,
  offset: number,
  scratch: number,
): Code {
  if (dtype === "f64") return v128.store64_lane(lane, address, local.get(value), offset);
  if (dtype !== "bool") return v128.store32_lane(lane, address, local.get(value), offset);
  return v128.store8_lane(lane, address, maskToBytes(local.get(value), lanes, scratch), offset);
}

/** The same number in every lane. */
export function constantVector(dtype: DType, value: number): Code {
  switch (dtype) {
    case "f32":
      return f32x4.const(value);
    case "f64":
      return f64x2.const(value);
    case "bool":
      return i32x4.const(value === 0 ? 0 : -1);
    default:
      return i32x4.const(value);
  }
}
