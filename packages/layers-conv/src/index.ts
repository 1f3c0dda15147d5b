/**
 * Convolution, pooling and upsampling in one to three dimensions, residual networks, U-Net and presets for
 * microstructures.
 *
 * @packageDocumentation
 */
export {
  type AdaptivePoolConfig,
  adaptiveAveragePool,
  adaptiveMaxPool,
  globalAveragePool,
  globalMaxPool,
} from "./layers/adaptive-pool.ts";
export { bottleneckBlock, type ResidualBlockConfig, residualBlock } from "./layers/blocks.ts";
export { type ConvConfig, conv1d, conv2d, conv3d } from "./layers/conv.ts";
export {
  type ConvTransposeConfig,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
} from "./layers/conv-transpose.ts";
export {
  type DepthwiseConfig,
  depthwiseConv1d,
  depthwiseConv2d,
  depthwiseConv3d,
  type SeparableConfig,
  separableConv1d,
  separableConv2d,
  separableConv3d,
} from "./layers/depthwise.ts";
export {
  type AveragePoolConfig,
  averagePool1d,
  averagePool2d,
  averagePool3d,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  type PoolConfig,
} from "./layers/pool.ts";
export { type UpsampleConfig, upsample } from "./layers/upsample.ts";
export { type MicrostructureConfig, microstructureCNN, voxelCNN } from "./models/microstructure-cnn.ts";
export {
  type InvertedResidualBlockConfig,
  invertedResidualBlock,
  type MobileNetConfig,
  type MobileNetStyle,
  mobileNetV2,
} from "./models/mobile-net.ts";
export { type ResnetConfig, resnet18, resnet34 } from "./models/resnet.ts";
export { type SymmetricCNNConfig, symmetricCNN } from "./models/symmetric-cnn.ts";
export { type TextureNetConfig, textureNet } from "./models/texture-net.ts";
export { type UnetBlockConfig, type UnetConfig, type UnetStyle, unet2d, unetBlock } from "./models/unet.ts";
export type { Margins, Padding, PaddingMode, PerAxis } from "./options.ts";
export { convolution } from "./plugin.ts";
export { type FieldPoolConfig, fieldPool } from "./symmetry/field-pool.ts";
export type { FieldKind } from "./symmetry/fields.ts";
export type { SymmetryGroup } from "./symmetry/motions.ts";
export { type SymmetricBatchNormConfig, symmetricBatchNorm } from "./symmetry/symmetric-batch-norm.ts";
export { type SymmetricConvConfig, symmetricConv2d } from "./symmetry/symmetric-conv.ts";
