// Convolution of images and volumes with windows of 3 along each axis in tiles whose sides are 2 outputs: along an axis 4 products where patches take 6, so 64 where they
// take 216 for a tile of a volume. Winograd's F(2, 3) along each axis, as in Lavin and Gray, "Fast algorithms for convolutional neural networks",
// CVPR 2016. A tile of inputs, with sides of 4, and the kernel are transformed, multiplied place by place, and transformed back.
import type { Code } from "../../../encoder/code.ts";
import type { Routine } from "../../routine.ts";
import type { Convolution, Geometry } from "../geometry.ts";
import { tilingOf, workOf } from "./blocks.ts";
import { imagesByTiles } from "./images.ts";
import { kernelGradientByTiles } from "./kernel-gradient.ts";

export { inTiles } from "./blocks.ts";

/** The multiplications of all products. */
export const productsInTiles = (name: Convolution, geometry: Geometry): number =>
  workOf(tilingOf(name, geometry), geometry);

/** Code of the whole convolution. */
export function byTiles(routine: Routine<Convolution>, geometry: Geometry): Code {
  return routine.node.primitive === "convKernelGradient"
    ? kernelGradientByTiles(routine, geometry)
    : imagesByTiles(routine, geometry);
}
