// Locals, calls, branches and loops.
import { fail } from "@hooke/runtime";
import { type Code, unsigned, type ValueType, valueTypes } from "./code.ts";
import { i32 } from "./opcodes.ts";

/** Code that reads a local, by its index: most of a program's code, and the same piece each time. */
const reads: Code[] = [];

export const local = {
  get: (index: number): Code => (reads[index] ??= [0x20, unsigned(index)]),
  set: (index: number, value: Code = []): Code => [value, 0x21, unsigned(index)],
  tee: (index: number, value: Code = []): Code => [value, 0x22, unsigned(index)],
};

export const global = {
  get: (index: number): Code => [0x23, unsigned(index)],
};

const blockType = (result: ValueType | undefined): number => (result === undefined ? 0x40 : valueTypes[result]);

/** A block that `br(0)` leaves. */
export const block = (body: Code, result?: ValueType): Code => [0x02, blockType(result), body, 0x0b];
/** A block that `br(0)` repeats. */
export const loop = (body: Code, result?: ValueType): Code => [0x03, blockType(result), body, 0x0b];
/** `if`; with a result type both branches leave one value. */
export const when = (condition: Code, then: Code, otherwise: Code = [], result?: ValueType): Code => [
  condition,
  0x04,
  blockType(result),
  then,
  otherwise.length === 0 ? [] : [0x05, otherwise],
  0x0b,
];
export const br = (depth: number): Code => [0x0c, unsigned(depth)];
export const br_if = (depth: number, condition: Code = []): Code => [condition, 0x0d, unsigned(depth)];
export const call = (index: number, ...operands: readonly Code[]): Code => [operands, 0x10, unsigned(index)];
/** Calls the function at a place of the module's table. */
export const call_indirect = (type: number, place: Code, ...operands: readonly Code[]): Code => [
  operands,
  place,
  0x11,
  unsigned(type),
  0,
];
export const drop = (value: Code = []): Code => [value, 0x1a];
/** `condition ? a : b` of scalars of one type, both evaluated; for `v128` use `selectVector`. */
export const select = (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1b];
/** `select` of vectors by an `i32`. */
export const selectVector = (a: Code, b: Code, condition: Code): Code => [a, b, condition, 0x1c, 1, valueTypes.v128];
export const return_ = (value: Code = []): Code => [value, 0x0f];
export const unreachable: Code = [0x00];

export interface ForLoop {
  /** An `i32` local; after the loop it holds the first value that was not below the limit, if the loop ran at all. */
  readonly index: number;
  readonly start: number | Code;
  /** Exclusive, compared unsigned; code is evaluated once per iteration and must be cheap. */
  readonly limit: number | Code;
  /** Default 1. A number or code. */
  readonly step?: number | Code;
}

/** Code of a number that may be known already. */
export const codeOf = (value: number | Code): Code => (typeof value === "number" ? i32.const(value) : value);

/**
 * `for (index = start; index < limit; index += step) body`, tested at the bottom. The test before the first
 * iteration, and the loop of a single iteration, disappear where the bounds are numbers.
 */
export function forLoop({ index, start, limit, step = 1 }: ForLoop, body: Code): Code {
  const begin = local.set(index, codeOf(start));
  const next = i32.add(local.get(index), codeOf(step));
  const below = (value: Code): Code => i32.lt_u(value, codeOf(limit));
  const repeated = loop([body, br_if(0, below(local.tee(index, next)))]);
  if (typeof start === "number" && typeof limit === "number") {
    if (start >= limit) return [];
    const end = typeof step === "number" ? start + Math.ceil((limit - start) / step) * step : limit;
    if (end >= 2 ** 32) fail("backend wasm", `cannot count to ${limit} in 32 bits; use smaller arrays.`, "unsupported");
    if (typeof step === "number" && start + step >= limit) return [begin, body, local.set(index, next)];
    return [begin, repeated];
  }
  return [begin, when(below(local.get(index)), repeated)];
}
