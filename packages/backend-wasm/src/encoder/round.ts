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
  const { local: handOut } = fn;
  const handed = new Set<number>();
  // What every page has does not listen to itself.
  fn.local = (type) => {
    const index = handOut.call(fn, type);
    if (type === "v128") handed.add(index);
    return index;
  };
  const code = write();
  fn.local = handOut;
  const zero = zeros.get(fn) ?? fn.ownLocal("v128");
  zeros.set(fn, zero);
  return [code, [...handed].map((vector) => local.set(vector, local.get(zero)))];
}
