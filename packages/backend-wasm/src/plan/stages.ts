// Stages: kernels that follow each other and do not depend on each other. Threads may compute those of one stage at the same time.
import type { Value } from "@hooke/runtime";
import type { Kernel } from "./kernel.ts";

/** What a kernel reads and writes, as roots of views. */
export interface Accesses {
  readonly reads: ReadonlySet<Value>;
  readonly writes: ReadonlySet<Value>;
}

/** How much work a kernel is that is to be computed beside others: 0 where it stays alone, and a stage has 1 together at least. */
export type Share = (kernel: Kernel) => number;

/** The stage of every kernel, numbered in order. */
export function stagesOf(kernels: readonly Kernel[], accesses: (kernel: number) => Accesses, share: Share): number[] {
  const stages: number[][] = [];
  let members: number[] = [];
  let work = 0;
  let before = { reads: new Set<Value>(), writes: new Set<Value>() };
  const close = (): void => {
    if (work >= 1) stages.push(members);
    else stages.push(...members.map((member) => [member]));
    members = [];
    work = 0;
    before = { reads: new Set(), writes: new Set() };
  };
  for (const [i, kernel] of kernels.entries()) {
    const { reads, writes } = accesses(i);
    const own = share(kernel);
    const depends =
      [...reads].some((root) => before.writes.has(root)) ||
      [...writes].some((root) => before.writes.has(root) || before.reads.has(root));
    if (own === 0 || depends) close();
    members.push(i);
    work += own;
    for (const root of reads) before.reads.add(root);
    for (const root of writes) before.writes.add(root);
    if (own === 0) close();
  }
  close();
  return stages.flatMap((each, stage) => each.map(() => stage));
}
