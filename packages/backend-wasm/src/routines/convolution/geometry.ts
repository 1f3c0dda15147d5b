// What a convolution or one of its gradients computes, in numbers.
import { byteSize, type NodeOf, type Shape, sizeOf } from "@hooke/runtime";
import type { Routine } from "../routine.ts";
import type { Windows } from "../windows.ts";

/** Partial sums of kernels take no more than this. */
export const partialBytes = 8 * 2 ** 20;

export type Convolution = "conv" | "convInputGradient" | "convKernelGradient";

export interface Geometry {
  readonly windows: Windows;
  readonly dtype: "f32" | "f64";
  readonly size: number;
  readonly images: number;
  readonly groups: number;
  readonly channels: number;
  readonly filters: number;
  /** Channels and filters of one group. */
  readonly groupChannels: number;
  readonly groupFilters: number;
  /** Elements of a patch within one group. */
  readonly patch: number;
  /** Output positions of an image. */
  readonly positions: number;
}

export function geometryOf(node: Routine<Convolution>["node"]): Geometry {
  const [first, second] = node.inputs as [(typeof node.inputs)[number], (typeof node.inputs)[number]];
  const result = node.outputs[0]!;
  const x: Shape = node.primitive === "convInputGradient" ? result.shape : first.shape;
  const kernel: Shape = node.primitive === "convKernelGradient" ? result.shape : second.shape;
  const y: Shape = { conv: result, convInputGradient: first, convKernelGradient: second }[node.primitive].shape;
  const { stride, padding, dilation, groups } = node.params as NodeOf<"conv">["params"];
  const dtype = result.dtype as "f32" | "f64";
  const window = kernel.slice(0, -2);
  const [groupChannels, filters] = kernel.slice(-2) as [number, number];
  const patch = sizeOf(window) * groupChannels;
  const positions = sizeOf(y.slice(1, -1));
  return {
    windows: { input: x.slice(1, -1), output: y.slice(1, -1), window, stride, padding, dilation },
    dtype,
    size: byteSize[dtype],
    images: x[0]!,
    groups,
    channels: x.at(-1)!,
    filters,
    groupChannels,
    groupFilters: filters / groups,
    patch,
    positions,
  };
}
