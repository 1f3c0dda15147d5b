// Convolution with windows of 3 x 3 in tiles of 2 x 2 outputs: 16 products of matrices where patches take 36. Winograd's F(2 x 2, 3 x 3), as in
// Lavin and Gray, "Fast algorithms for convolutional neural networks", CVPR 2016. A tile of inputs, 4 x 4, and the kernel are transformed,
// multiplied place by place, and transformed back.
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
