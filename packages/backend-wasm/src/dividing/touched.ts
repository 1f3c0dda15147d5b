// Which arrays each kernel reads and writes.
import type { Arrays, Kernel } from "@hooke/plan";
import type { Value } from "@hooke/runtime";

export interface Touched {
  readonly read: readonly Value[];
  readonly written: readonly Value[];
}

/** Of each kernel. What outputs read after all kernels is no kernel's. */
export function touchedBy(kernels: readonly Kernel[], { reads, writes }: Pick<Arrays, "reads" | "writes">): Touched[] {
  const touched = kernels.map(() => ({ read: [] as Value[], written: [] as Value[] }));
  for (const [root, list] of reads) for (const { kernel } of list) touched[kernel]?.read.push(root);
  for (const [root, list] of writes) for (const kernel of list) touched[kernel]?.written.push(root);
  return touched;
}
