// The shapes of a convolution, whichever of its three arrays is the result.
import type { Product } from "./routine.ts";

export type Name = "conv" | "convInputGradient" | "convKernelGradient";

export type Geometry = ReturnType<typeof geometryOf>;

/** What convolves what: shapes of the image, the kernel and the outer array, one group of each. */
export function geometryOf({ node }: Product<Name>) {
  const [first, second] = node.inputs.map(({ shape }) => shape) as [readonly number[], readonly number[]];
  const result = node.outputs[0]!.shape;
  const [image, kernel, outer] =
    node.primitive === "conv"
      ? [first, second, result]
      : node.primitive === "convInputGradient"
        ? [result, second, first]
        : [first, result, second];
  const { groups, stride, padding, dilation } = node.params;
  const window = kernel.slice(0, -2);
  const [channels, filters] = kernel.slice(-2) as [number, number];
  return {
    windows: { window, stride, padding, dilation },
    /** Sizes of batch and spatial dimensions. */
    image: image.slice(0, -1),
    outer: outer.slice(0, -1),
    groups,
    /** Of a group, and of all. */
    channels,
    allChannels: channels * groups,
    filters: filters / groups,
    allFilters: filters,
    last: window.length - 1,
  };
}
