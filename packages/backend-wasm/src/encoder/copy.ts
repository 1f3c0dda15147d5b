// Copies of a few bytes.
import type { Code } from "./code.ts";
import { v128 } from "./opcodes.ts";

/**
 * Copies 32 bytes from one address to another, each so many bytes behind its code. Both vectors are read before any is written, so that an engine joins
 * them, and stay on its stack: what a local holds would outlive them.
 */
export const copyPair = (target: Code, source: Code, at: number): Code => {
  const [first, second] = [v128.load(source, at), v128.load(source, at + 16)];
  return [target, first, v128.store(target, second, at + 16), v128.store([], [], at)];
};
