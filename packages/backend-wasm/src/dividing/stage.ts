// Which kernels are computed beside each other: too small to be divided, and large enough for threads to meet.
import { byteSize, sizeOf, type Value } from "@hooke/runtime";
import type { Kernel } from "../plan/kernel.ts";
import { elementwiseWork, grain } from "./grain.ts";

const workOf = (kernel: Kernel): number => {
  const lanes = (value: Value): number => 16 / Math.max(4, byteSize[value.dtype]);
  switch (kernel.kind) {
    case "pointwise":
      return kernel.stores.length === 0
        ? 0
        : elementwiseWork(sizeOf(kernel.shape), lanes(kernel.stores[0]!.value), kernel.stores.length + 1, kernel.nodes);
    case "reduction": {
      const input = kernel.node.inputs[0]!;
      return elementwiseWork(sizeOf(input.shape), lanes(input), 1, kernel.nodes);
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

/** What a kernel of 2 to 20 microseconds contributes to a stage of 40. */
export const shareIn =
  (fineness: number) =>
  (kernel: Kernel): number => {
    const work = workOf(kernel) / (grain * fineness);
    return work >= 0.2 && work < 2 ? work / 4 : 0;
  };
