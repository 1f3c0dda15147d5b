// The work of a kernel, in multiplications with addition of f32.
import type { Kernel } from "@hooke/plan";
import { byteSize, sizeOf, type Value } from "@hooke/runtime";
import { elementwiseWork, reducedNodes } from "./grain.ts";

/** That of routines other than products is not known: 0. */
export const workOf = (kernel: Kernel): number => {
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
