// Reductions for an engine that joins vectors.
import type { Access } from "../codegen/access.ts";
import type { Emitter } from "../codegen/emitter.ts";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { round } from "../encoder/round.ts";
import { throughMemory } from "./through-memory.ts";

/** Bytes ahead of a thread's memory, which `memoryOf` of the backend leaves: up to eight vectors, which a reduction passes through memory. */
const passingBytes = 128;

/** How rounds of a reduction are written, and what becomes of its accumulators behind its loops. */
export interface Reducing {
  /** One round: `write` reads at addresses that are the same but for constants. */
  round(readers: readonly Access[], offset: number, write: () => Code): Code;
  /** Accumulators that are not stored as they are: through memory. */
  show(accumulators: readonly number[]): Code;
}

export function reducing(emitter: Emitter, fn: FunctionBuilder): Reducing {
  // No scratch of the kernel's own: loops that are alike share a function.
  const address = fn.ownLocal("i32");
  return {
    round: (readers, offset, write) =>
      round(fn, () => {
        const held = readers.map((reader) => reader.hold(fn, offset));
        const code = write();
        for (const reader of readers) reader.letGo();
        return [held, code];
      }),
    show: (accumulators) =>
      accumulators.length > 1
        ? [
            local.set(address, i32.sub(emitter.threadMemory(), i32.const(passingBytes))),
            throughMemory(address, accumulators),
          ]
        : [],
  };
}
