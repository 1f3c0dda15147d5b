// Arithmetic of addresses and counts, which every loop over arrays does.
import type { Code } from "./code.ts";
import { local, select } from "./control.ts";
import { i32 } from "./opcodes.ts";

/** `base`, and for each term so many bytes times its index. */
export const plus = (base: Code, ...terms: readonly (readonly [index: Code, bytes: number])[]): Code =>
  terms.reduce<Code>((sum, [index, bytes]) => i32.add(sum, i32.mul(index, i32.const(bytes))), base);

/** Adds a number to an `i32` local, such as a pointer. */
export const advance = (pointer: number, bytes: number): Code =>
  local.set(pointer, i32.add(local.get(pointer), i32.const(bytes)));

/** The smaller of two counts; both are evaluated twice. */
export const least = (a: Code, b: Code): Code => select(a, b, i32.lt_u(a, b));
