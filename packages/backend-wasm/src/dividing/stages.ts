// Stages: kernels that follow each other and do not depend on each other, too small to be divided. Threads may compute those of one
// stage at the same time.
import type { Dividing, Kernel } from "@hooke/plan";
import { byteSize, sizeOf, type Value } from "@hooke/runtime";
import { elementwiseWork, reducedNodes, worthwhile } from "./grain.ts";
import { blocksOf } from "./rows.ts";
import { stepsApart } from "./steps.ts";

const workOf = (kernel: Kernel): number => {
  const lanes = (value: Value): number => 16 / Math.max(4, byteSize[value.dtype]);
  switch (kernel.kind) {
    case "pointwise":
      return kernel.stores.length === 0
        ? 0
        : elementwiseWork(sizeOf(kernel.shape), lanes(kernel.stores[0]!.value), kernel.stores.length + 1, kernel.nodes);
    case "reduction": {
      const input = kernel.node.inputs[0]!;
      return elementwiseWork(sizeOf(input.shape), lanes(input), 1, reducedNodes(kernel));
    }
    case "routine": {
      const { node } = kernel;
      if (node.primitive !== "dot") return 0;
      const output = node.outputs[0]!;
      const k = node.inputs[0]!.shape.at(node.params.transposeA ? -2 : -1)!;
      return (sizeOf(output.shape) * k * byteSize[output.dtype]) / 4;
    }
    default:
      return 0;
  }
};

/** The work of a stage at least: threads meet in it once. Its kernels have at least `smallest`, and less than is worth dividing. */
const fewest = 2 * worthwhile;
const smallest = 0.1 * worthwhile;

/** The stage of every kernel, numbered in order. @param fineness see `Emitter` */
const stagesIn =
  (fineness: number): Dividing["stages"] =>
  (kernels, { reads, writes }) => {
    const touched = kernels.map(() => ({ read: [] as Value[], written: [] as Value[] }));
    // What outputs read after all kernels is no kernel's.
    for (const [root, list] of reads) for (const { kernel } of list) touched[kernel]?.read.push(root);
    for (const [root, list] of writes) for (const kernel of list) touched[kernel]?.written.push(root);
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
    for (const [i, kernel] of kernels.entries()) {
      const { read, written } = touched[i]!;
      const work = workOf(kernel);
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
    return stages.flatMap((each, stage) => each.map(() => stage));
  };

/** What may be computed at the same time. @param fineness see `Emitter` */
export const dividing = (fineness: number): Dividing => ({
  stages: stagesIn(fineness),
  loop: (node) => {
    const apart = stepsApart(node, fineness);
    return apart ? { apart } : { blocks: blocksOf(node, fineness) };
  },
});
