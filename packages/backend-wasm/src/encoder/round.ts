// Rounds of loops, for an engine that joins vectors.
import type { Code } from "./code.ts";
import { local } from "./control.ts";
import type { FunctionBuilder } from "./module.ts";

/** Locals that stay zero. */
const zeros = new WeakMap<FunctionBuilder, number>();

/**
 * Code of one round of a loop, whose vectors do not outlive it where `local` hands them out while it is written: they are cleared at its end. The
 * engine takes what a local holds there for read in the next round, and joins less. Once optimized, it does nothing.
 */
export function round(fn: FunctionBuilder, write: () => Code): Code {
  const around = fn.handed;
  fn.handed = new Set();
  const code = write();
  const zero = zeros.get(fn) ?? fn.ownLocal("v128");
  zeros.set(fn, zero);
  const cleared = [...fn.handed].map((vector) => local.set(vector, local.get(zero)));
  fn.handed = around;
  return [code, cleared];
}
