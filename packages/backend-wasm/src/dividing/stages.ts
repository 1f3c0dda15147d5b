// Stages: kernels that threads compute between two of their meetings. Kernels in blocks are one; so are small ones that follow each other and do not depend on each
// other, which threads compute side by side.
import type { Dividing, Kernel } from "@hooke/plan";
import type { Value } from "@hooke/runtime";
import { groupsOf } from "./blocks.ts";
import { worthwhile } from "./grain.ts";
import { blocksOf } from "./rows.ts";
import { stepsApart } from "./steps.ts";
import { type Touched, touchedBy } from "./touched.ts";
import { workOf } from "./work.ts";

/** The work of a stage of small kernels at least: threads meet in it once. Each has at least `smallest`, and less than is worth dividing. */
const fewest = 2 * worthwhile;
const smallest = 0.1 * worthwhile;

/** Kernels in stages, in the order of `all`: several in one where they are small. @param fineness see `Emitter` */
function sideBySide(
  all: readonly number[],
  kernels: readonly Kernel[],
  touched: readonly Touched[],
  fineness: number,
): number[][] {
  const stages: number[][] = [];
  let members: number[] = [];
  let together = 0;
  let before = { read: new Set<Value>(), written: new Set<Value>() };
  const close = (): void => {
    stages.push(...(together >= fewest * fineness ? [members] : members.map((member) => [member])));
    members = [];
    together = 0;
    before = { read: new Set(), written: new Set() };
  };
  for (const i of all) {
    const { read, written } = touched[i]!;
    const work = workOf(kernels[i]!);
    const joins = work >= smallest * fineness && work < worthwhile * fineness;
    const depends =
      read.some((root) => before.written.has(root)) ||
      written.some((root) => before.written.has(root) || before.read.has(root));
    if (!joins || depends) close();
    members.push(i);
    together += work;
    for (const root of read) before.read.add(root);
    for (const root of written) before.written.add(root);
    if (!joins) {
      together = 0;
      close();
    }
  }
  close();
  return stages;
}

/** The stage of every kernel, numbered in the order in which they are computed, and which are in blocks. */
const stagesIn =
  (threads: number, fineness: number): Dividing["stages"] =>
  (kernels, arrays) => {
    const of = new Array<number>(kernels.length);
    const blocks = new Map<number, number>();
    const touched = touchedBy(kernels, arrays);
    let next = 0;
    const add = (members: readonly number[]): number => {
      for (const member of members) of[member] = next;
      return next++;
    };
    let singles: number[] = [];
    const close = (): void => {
      for (const members of sideBySide(singles, kernels, touched, fineness)) add(members);
      singles = [];
    };
    for (const { members, blocks: count } of groupsOf(kernels, arrays, touched, threads, fineness)) {
      if (count === undefined) singles.push(...members);
      else {
        close();
        blocks.set(add(members), count);
      }
    }
    close();
    return { of, blocks };
  };

/** What may be computed at the same time. @param fineness see `Emitter` */
export const dividing = (threads: number, fineness: number): Dividing => ({
  stages: stagesIn(threads, fineness),
  loop: (node) => {
    const apart = stepsApart(node, fineness);
    return apart ? { apart } : { blocks: blocksOf(node, fineness) };
  },
});
