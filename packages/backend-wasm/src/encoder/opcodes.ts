// The instructions that generated code has, named as in the WebAssembly specification. Operands come first to last, as on the stack:
// `f32.add(a, b)` is the code of a, the code of b and the opcode; operands may be left out where they are on the stack already.
import { bytesOf, type Code, signed, unsigned } from "./code.ts";

type Names<S extends string> = S extends `${infer Head} ${infer Rest}` ? Head | Names<Rest> : S;
type Instruction = (...operands: readonly Code[]) => Code;
type Instructions<S extends string> = { readonly [K in Exclude<Names<S>, "_">]: Instruction };
/** `offset` in bytes is added to the address. */
type Load = (address: Code, offset?: number) => Code;
type Store = (address: Code, value: Code, offset?: number) => Code;
type LaneLoad = (lane: number, address: Code, vector: Code, offset?: number) => Code;
type Lane = (lane: number, ...operands: readonly Code[]) => Code;

function table<T, S extends string>(names: S, first: number, make: (opcode: number) => T): Record<Names<S>, T> {
  const result: Record<string, T> = {};
  for (const [i, name] of names.split(" ").entries()) if (name !== "_") result[name] = make(first + i);
  return result as Record<Names<S>, T>;
}

const vector = (opcode: number): Code => [0xfd].concat(unsigned(opcode));
const plain =
  (bytes: Code): Instruction =>
  (...operands) => [operands, bytes];
/** Consecutive opcodes from `first`; `_` skips one. */
const scalars = <S extends string>(first: number, names: S): Instructions<S> => table(names, first, (o) => plain([o]));
const vectors = <S extends string>(first: number, names: S): Instructions<S> =>
  table(names, first, (o) => plain(vector(o)));
const saturating = <S extends string>(first: number, names: S): Instructions<S> =>
  table(names, first, (o) => plain([0xfc, o]));

// The alignment hint stays 0: it is always valid, and engines ignore it.
const access = (bytes: Code, offset: number): Code => [bytes, 0, unsigned(offset)];
const load =
  (bytes: Code): Load =>
  (address, offset = 0) => [address, access(bytes, offset)];
const store =
  (bytes: Code): Store =>
  (address, value, offset = 0) => [address, value, access(bytes, offset)];
const laneAccess =
  (bytes: Code): LaneLoad =>
  (lane, address, value, offset = 0) => [address, value, access(bytes, offset), lane];
const lane =
  (bytes: Code): Lane =>
  (index, ...operands) => [operands, bytes, index];
const loads = <S extends string>(first: number, names: S) => table(names, first, (o) => load([o]));
const stores = <S extends string>(first: number, names: S) => table(names, first, (o) => store([o]));

const constant: Code = [0xfd, 12];
const shuffle: Code = [0xfd, 13];

const floatTests = "eq ne lt gt le ge";

export const i32 = {
  const: (value: number): Code => [0x41, signed(value)],
  load: /* @__PURE__ */ load([0x28]),
  store: /* @__PURE__ */ store([0x36]),
  .../* @__PURE__ */ loads(0x2d, "load8_u _ load16_u"),
  .../* @__PURE__ */ stores(0x3a, "store8 store16"),
  .../* @__PURE__ */ scalars(0x45, "eqz eq ne lt_s lt_u gt_s gt_u _ _ _ ge_u"),
  .../* @__PURE__ */ scalars(0x6a, "add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u _ rotr"),
  .../* @__PURE__ */ scalars(0xa7, "wrap_i64 trunc_f32_s _ trunc_f64_s"),
  .../* @__PURE__ */ saturating(3, "trunc_sat_f64_u"),
};

export const i64 = {
  const: (value: bigint): Code => [0x42, signed(value)],
  load: /* @__PURE__ */ load([0x29]),
  store: /* @__PURE__ */ store([0x37]),
  .../* @__PURE__ */ scalars(0x53, "lt_s lt_u"),
  .../* @__PURE__ */ scalars(0x7c, "add sub mul _ _ _ _ and or _ shl _ shr_u"),
  .../* @__PURE__ */ scalars(0xad, "extend_i32_u"),
  reinterpret_f64: /* @__PURE__ */ plain([0xbd]),
};

export const f32 = {
  const: (value: number): Code => [0x43, bytesOf(new Float32Array([value]))],
  load: /* @__PURE__ */ load([0x2a]),
  store: /* @__PURE__ */ store([0x38]),
  .../* @__PURE__ */ scalars(0x5b, floatTests),
  copysign: /* @__PURE__ */ plain([0x98]),
  demote_f64: /* @__PURE__ */ plain([0xb6]),
};

export const f64 = {
  const: (value: number): Code => [0x44, bytesOf(new Float64Array([value]))],
  load: /* @__PURE__ */ load([0x2b]),
  store: /* @__PURE__ */ store([0x39]),
  .../* @__PURE__ */ scalars(0x61, floatTests),
  .../* @__PURE__ */ scalars(0x99, "abs _ _ _ _ nearest sqrt add sub mul div _ _ copysign"),
  .../* @__PURE__ */ scalars(0xb9, "convert_i64_s convert_i64_u promote_f32"),
};

export const v128 = {
  /** 16 bytes. */
  const: (bytes: readonly number[]): Code => [constant, bytes],
  load: /* @__PURE__ */ load([0xfd, 0]),
  store: /* @__PURE__ */ store([0xfd, 11]),
  .../* @__PURE__ */ table("load32_splat load64_splat", 9, (o) => load(vector(o))),
  .../* @__PURE__ */ vectors(0x4d, "not and andnot or xor bitselect any_true"),
  .../* @__PURE__ */ table("load32_lane load64_lane store8_lane store16_lane store32_lane store64_lane", 0x56, (o) =>
    laneAccess(vector(o)),
  ),
  .../* @__PURE__ */ table("load32_zero load64_zero", 0x5c, (o) => load(vector(o))),
};

export const i8x16 = {
  /** 16 lane numbers, 0-15 from the first operand and 16-31 from the second. */
  shuffle: (lanes: readonly number[], ...operands: readonly Code[]): Code => [operands, shuffle, lanes],
  .../* @__PURE__ */ table("extract_lane_u", 0x16, (o) => lane(vector(o))),
  .../* @__PURE__ */ vectors(0x65, "narrow_i16x8_s"),
};

export const i16x8 = {
  .../* @__PURE__ */ table("extract_lane_s", 0x18, (o) => lane(vector(o))),
  .../* @__PURE__ */ vectors(0x85, "narrow_i32x4_s _ _ _ extend_low_i8x16_u"),
};

export const i32x4 = {
  /** The same number in every lane. */
  const: (value: number): Code => [constant, bytesOf(new Int32Array(4).fill(value))],
  splat: /* @__PURE__ */ plain([0xfd, 0x11]),
  .../* @__PURE__ */ table("extract_lane replace_lane", 0x1b, (o) => lane(vector(o))),
  .../* @__PURE__ */ vectors(0x37, "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"),
  .../* @__PURE__ */ vectors(0xa0, "abs neg"),
  .../* @__PURE__ */ vectors(
    0xa9,
    "extend_low_i16x8_u _ shl shr_s shr_u add _ _ sub _ _ _ mul min_s min_u max_s max_u",
  ),
  .../* @__PURE__ */ vectors(0xf8, "trunc_sat_f32x4_s trunc_sat_f32x4_u"),
  .../* @__PURE__ */ vectors(0xfc, "trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero"),
  .../* @__PURE__ */ vectors(0x10b, "relaxed_laneselect"),
};

export const i64x2 = {
  /** The same number in both lanes. */
  const: (value: bigint): Code => [constant, bytesOf(new BigInt64Array(2).fill(value))],
  splat: /* @__PURE__ */ plain([0xfd, 0x12]),
  .../* @__PURE__ */ table("extract_lane replace_lane", 0x1d, (o) => lane(vector(o))),
  .../* @__PURE__ */ vectors(0xc0, "abs neg"),
  .../* @__PURE__ */ vectors(0xc7, "extend_low_i32x4_s"),
  .../* @__PURE__ */ vectors(0xcb, "shl shr_s shr_u add _ _ sub _ _ _ mul eq ne lt_s gt_s le_s ge_s"),
  .../* @__PURE__ */ vectors(0x10c, "relaxed_laneselect"),
};

const floatVectorArithmetic = "abs neg _ sqrt add sub mul div min max pmin pmax";

const numberInBoth = (value: number): Code => [constant, bytesOf(new Float64Array(2).fill(value))];

export const f32x4 = {
  /** The same number in every lane. */
  const: (value: number): Code => [constant, bytesOf(new Float32Array(4).fill(value))],
  splat: /* @__PURE__ */ plain([0xfd, 0x13]),
  .../* @__PURE__ */ table("extract_lane replace_lane", 0x1f, (o) => lane(vector(o))),
  .../* @__PURE__ */ vectors(0x41, floatTests),
  demote_f64x2_zero: /* @__PURE__ */ plain([0xfd, 0x5e]),
  .../* @__PURE__ */ vectors(0x67, "ceil floor trunc nearest"),
  .../* @__PURE__ */ vectors(0xe0, floatVectorArithmetic),
  .../* @__PURE__ */ vectors(0xfa, "convert_i32x4_s convert_i32x4_u"),
  .../* @__PURE__ */ vectors(0x105, "relaxed_madd relaxed_nmadd"),
};

export const f64x2 = {
  /** The same number in both lanes. */
  const: numberInBoth,
  splat: /* @__PURE__ */ plain([0xfd, 0x14]),
  .../* @__PURE__ */ table("extract_lane replace_lane", 0x21, (o) => lane(vector(o))),
  .../* @__PURE__ */ vectors(0x47, floatTests),
  promote_low_f32x4: /* @__PURE__ */ plain([0xfd, 0x5f]),
  .../* @__PURE__ */ vectors(0x74, "ceil floor"),
  trunc: /* @__PURE__ */ plain([0xfd, 0x7a]),
  nearest: /* @__PURE__ */ plain([0xfd, 0x94, 1]),
  .../* @__PURE__ */ vectors(0xec, floatVectorArithmetic),
  /** By the sign bit: where V8 joins two of the instruction meant for this into one of 256 bits, it may flip 33 bits (its F64x4Neg shifts by 31). */
  neg: (x: Code): Code => v128.xor(x, numberInBoth(-0)),
  .../* @__PURE__ */ vectors(0xfe, "convert_low_i32x4_s convert_low_i32x4_u"),
  .../* @__PURE__ */ vectors(0x107, "relaxed_madd relaxed_nmadd"),
};

/** Bulk memory: `copy(target, source, bytes)`, `fill(target, byte, bytes)`. */
export const memory = {
  copy: /* @__PURE__ */ plain([0xfc, 10, 0, 0]),
  fill: /* @__PURE__ */ plain([0xfc, 11, 0]),
};

// Unlike others, atomic accesses must state their alignment.
const atomic =
  (opcode: number): Instruction =>
  (...operands) => [operands, 0xfe, opcode, 2, 0];

/** 32-bit accesses that threads see in one order. `add` and `sub` leave what was there before. */
export const atomics = {
  /** Wakes `count` threads that wait for the word to change, and leaves how many there were. */
  notify: /* @__PURE__ */ atomic(0x00),
  load: /* @__PURE__ */ atomic(0x10),
  store: /* @__PURE__ */ atomic(0x17),
  sub: /* @__PURE__ */ atomic(0x25),
};
