// Networks from a microstructure to its properties: images and volumes.
import { batchNorm, defineLayer, dense, flatten, type LayerFactory, relu, sequential } from "@hooke/core";
import { checks, type Tensor } from "@hooke/runtime";
import { spatialOf } from "../input.ts";
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

/** Convolution and batch normalisation; relu and pooling to half the size follow. */
const image = (filters: number, paddingMode: PaddingMode) =>
  sequential({ conv: conv2d({ filters, kernelSize: 3, paddingMode }), norm: batchNorm() });
const volume = (filters: number, paddingMode: PaddingMode) =>
  sequential({ conv: conv3d({ filters, kernelSize: 3, paddingMode }), norm: batchNorm() });

/** The blocks over an input of so many spatial axes. @throws if it is too small to be halved by each */
function inTurn(
  blocks: readonly ((x: Tensor) => Tensor)[],
  pool: (x: Tensor) => Tensor,
  x: Tensor,
  rank: number,
): Tensor {
  spatialOf(x.shape.slice(1), rank, 2 ** blocks.length);
  return blocks.reduce((value, block) => pool(relu(block(value))), x);
}

/**
 * Three blocks of 3x3 convolution, batch normalisation, relu and 2x2 maximum pooling with 32, 64 and 128 channels, then
 * dense layers of 256 (relu) and `outputs` units: `[batch, height, width, channels]` to `[batch, outputs]`, at least 8
 * points a side. 2,190,785 parameters for gray images of 64 x 64 points and one output. The layout of Simonyan and
 * Zisserman, "Very deep convolutional networks for large-scale image recognition", ICLR 2015, small, with the batch
 * normalisation of Ioffe and Szegedy, "Batch normalization", ICML 2015.
 *
 * Parameters: `block1` to `block3`, each `conv.kernel`, `conv.bias`, `norm.scale`, `norm.bias`; `hidden`, `head`.
 *
 * @throws on other ranks and on smaller images
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
    head(hidden(flatten(inTurn([block1, block2, block3], pool, x, 2)))),
});

/**
 * Three blocks of 3x3x3 convolution, batch normalisation, relu and maximum pooling with 16, 32 and 64 channels, the
 * average over the volume, and a dense layer of 64 units (relu) before the output:
 * `[batch, depth, height, width, channels]` to `[batch, outputs]`, for volumes of any size of at least 8 points a side.
 * As {@link microstructureCNN}, with the global average of Lin et al., "Network in network", ICLR 2014.
 *
 * Parameters: `block1` to `block3`, each `conv.kernel`, `conv.bias`, `norm.scale`, `norm.bias`; `hidden`, `head`.
 *
 * @throws on other ranks and on smaller volumes
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
    head(hidden(average(inTurn([block1, block2, block3], pool, x, 3)))),
});
