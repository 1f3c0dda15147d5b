// Convolution of images and volumes with windows of 3 along each axis in tiles whose sides are 2 outputs, or 4 of images: along an axis 4 products where patches take 6, or 6
// where they take 12, so 36 where they take 144 for a large tile. Winograd's F(2, 3) and F(4, 3) along each axis, as in Lavin and Gray, "Fast algorithms for convolutional
// neural networks", CVPR 2016. A tile of inputs and the kernel are transformed, multiplied place by place, and transformed back.
import type { Code } from "../../../encoder/code.ts";
import type { Routine } from "../../routine.ts";
import type { Convolution, Geometry } from "../geometry.ts";
import type { Tiling } from "./blocks.ts";
import { imagesByTiles } from "./images.ts";
import { kernelGradientByTiles } from "./kernel-gradient.ts";

export { type Tiling, tilingOf, workOf } from "./blocks.ts";

/** Code of the whole convolution. */
export function byTiles(routine: Routine<Convolution>, geometry: Geometry, tiling: Tiling): Code {
  return routine.node.primitive === "convKernelGradient"
    ? kernelGradientByTiles(routine, geometry, tiling)
    : imagesByTiles(routine, geometry, tiling);
}
