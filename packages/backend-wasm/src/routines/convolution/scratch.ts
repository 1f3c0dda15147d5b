// How a piece of a convolution divides the memory that it has to itself.
import type { Emitter } from "../../codegen/emitter.ts";
import type { Code } from "../../encoder/code.ts";
import { i32 } from "../../encoder/opcodes.ts";

/** A cache line. */
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The address of each part, of so many bytes. */
export function scratchOf<T extends readonly number[]>(
  emitter: Emitter,
  ...parts: T
): { readonly [K in keyof T]: Code } {
  const sizes = parts.map(align);
  const start = emitter.scratch(sizes.reduce((sum, bytes) => sum + bytes, 0));
  const at = (part: number): number => sizes.slice(0, part).reduce((sum, bytes) => sum + bytes, 0);
  return sizes.map((_, part) => i32.add(start, i32.const(at(part)))) as { [K in keyof T]: Code };
}
