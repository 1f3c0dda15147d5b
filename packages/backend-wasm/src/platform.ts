// WebAssembly, as plans see it.
import type { Platform } from "@hooke/plan";
import { type Aval, byteSize, sizeOf } from "@hooke/runtime";

export const platform: Platform = {
  elementBytes: byteSize,
  // A cache line; loops of vectors run past the end of an array, not past its last line.
  alignment: 64,
  largestLoop: 400,
  // A function is a long chain of operations, for which every round of the loop waits, unless the processor, which looks some 300
  // instructions ahead, already begins the next.
  largestWithFunctions: 24,
  // Shorter loops share functions (`codegen/alike.ts`); longer ones read memory faster where several arrays are read at once.
  joinedByNumbers: 2 ** 13,
  shortestRow: 64,
};

/** Bytes of an array's elements. */
export const arrayBytes = ({ shape, dtype }: Aval): number => sizeOf(shape) * byteSize[dtype];
