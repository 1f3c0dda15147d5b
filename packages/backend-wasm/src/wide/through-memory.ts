// What reductions keep in registers, shown to an engine that joins vectors: it begins with stores side by side.
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import { v128 } from "../encoder/opcodes.ts";

/** Code that stores vectors side by side, each in a local, and reads them again; neighbours are joined in pairs. `address` is a local, with room for all. */
export const throughMemory = (address: number, vectors: readonly number[]): Code => [
  vectors.map((vector, i) => v128.store(local.get(address), local.get(vector), 16 * i)),
  vectors.map((vector, i) => local.set(vector, v128.load(local.get(address), 16 * i))),
];
