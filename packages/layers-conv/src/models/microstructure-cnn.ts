// Networks from a microstructure to its properties: images and volumes.
import { batchNorm, checks, defineLayer, dense, flatten, type LayerFactory, relu, sequential } from "@hooke/core";
import type { Tensor } from "@hooke/runtime";
import { globalAveragePool } from "../layers/adaptive-pool.ts";
import { conv2d, conv3d } from "../layers/conv.ts";
import { maxPool2d, maxPool3d } from "../layers/pool.ts";
import { type PaddingMode, paddingMode as paddingModeCheck } from "../options.ts";

/** Options of {@link microstructureCNN} and {@link voxelCNN}. */
export interface MicrostructureConfig {
  /** Number of properties. Default 1. */
  readonly outputs?: number;
  /** `"circular"` for periodic unit cells. Default `"zeros"`. */
  readonly paddingMode?: PaddingMode;
}

const options = { optional: { outputs: checks.count, paddingMode: paddingModeCheck } };

/** Convolution, batch normalisation, relu, and pooling to half the size. */
const image = (filters: number, paddingMode: PaddingMode) =>
  sequential({ conv: conv2d({ filters, kernelSize: 3, paddingMode }), norm: batchNorm() });
const volume = (filters: number, paddingMode: PaddingMode) =>
  sequential({ conv: conv3d({ filters, kernelSize: 3, paddingMode }), norm: batchNorm() });

const inTurn = (blocks: readonly ((x: Tensor) => Tensor)[], pool: (x: Tensor) => Tensor, x: Tensor): Tensor =>
  blocks.reduce((value, block) => pool(relu(block(value))), x);

/**
 * Three blocks of 3x3 convolution, batch normalisation, relu and 2x2 maximum pooling with 32, 64 and 128 channels, then dense layers of
 * 256 and `outputs` units: `[batch, height, width, channels]` to `[batch, outputs]`. 2,190,785 parameters for gray images of 64 x 64 points and
 * one output.
 */
export const microstructureCNN: LayerFactory<MicrostructureConfig> = /* @__PURE__ */ defineLayer({
  type: "microstructureCNN",
  options,
  children: ({ outputs = 1, paddingMode = "zeros" }: MicrostructureConfig) => ({
    block1: image(32, paddingMode),
    block2: image(64, paddingMode),
    block3: image(128, paddingMode),
    pool: maxPool2d({ kernelSize: 2 }),
    flatten: flatten(),
    hidden: dense({ units: 256, activation: "relu" }),
    head: dense({ units: outputs }),
  }),
  apply: ({ children: { block1, block2, block3, pool, flatten, hidden, head } }, x) =>
    head(hidden(flatten(inTurn([block1, block2, block3], pool, x)))),
});

/**
 * Three blocks of 3x3x3 convolution, batch normalisation, relu and maximum pooling with 16, 32 and 64 channels, the average over the volume, and a
 * dense layer of 64 units before the output: `[batch, depth, height, width, channels]` to `[batch, outputs]`, for volumes of any size of
 * at least 8 points a side.
 */
export const voxelCNN: LayerFactory<MicrostructureConfig> = /* @__PURE__ */ defineLayer({
  type: "voxelCNN",
  options,
  children: ({ outputs = 1, paddingMode = "zeros" }: MicrostructureConfig) => ({
    block1: volume(16, paddingMode),
    block2: volume(32, paddingMode),
    block3: volume(64, paddingMode),
    pool: maxPool3d({ kernelSize: 2 }),
    average: globalAveragePool(),
    hidden: dense({ units: 64, activation: "relu" }),
    head: dense({ units: outputs }),
  }),
  apply: ({ children: { block1, block2, block3, pool, average, hidden, head } }, x) =>
    head(hidden(average(inTurn([block1, block2, block3], pool, x)))),
});
