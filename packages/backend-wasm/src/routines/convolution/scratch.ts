// How a piece of a convolution divides the memory that it has to itself.
import type { Emitter } from "../../codegen/emitter.ts";
import type { Code } from "../../encoder/code.ts";

/** The address of each part, of so many bytes. */
export const scratchOf = <T extends readonly number[]>(
  emitter: Emitter,
  ...parts: T
): { readonly [K in keyof T]: Code } => emitter.scratchParts(parts) as { [K in keyof T]: Code };
