// Packing needs the bits of numbers, which tfjs's kernels do not give.
import type { Lowering, Lowerings } from "./table.ts";

const refused: Lowering<"pack" | "unpack"> = (k) =>
  k.refuse("tfjs has no operations on the bits of numbers. Leave packed out: keep activations as they are.");

export const packing: Pick<Lowerings, "pack" | "unpack"> = { pack: refused, unpack: refused };
