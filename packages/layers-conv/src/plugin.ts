// The plugin of this package: everything that JSON and listings may name.
import { definePlugin } from "@hooke/runtime";
import { adaptiveAveragePool, adaptiveMaxPool, globalAveragePool, globalMaxPool } from "./layers/adaptive-pool.ts";
import { bottleneckBlock, residualBlock } from "./layers/blocks.ts";
import { conv1d, conv2d, conv3d } from "./layers/conv.ts";
import { convTranspose1d, convTranspose2d, convTranspose3d } from "./layers/conv-transpose.ts";
import {
  depthwiseConv1d,
  depthwiseConv2d,
  depthwiseConv3d,
  separableConv1d,
  separableConv2d,
  separableConv3d,
} from "./layers/depthwise.ts";
import { averagePool1d, averagePool2d, averagePool3d, maxPool1d, maxPool2d, maxPool3d } from "./layers/pool.ts";
import { upsample } from "./layers/upsample.ts";
import { microstructureCNN, voxelCNN } from "./models/microstructure-cnn.ts";
import { invertedResidualBlock, mobileNetV2 } from "./models/mobile-net.ts";
import { resnet18, resnet34 } from "./models/resnet.ts";
import { symmetricCNN } from "./models/symmetric-cnn.ts";
import { textureNet } from "./models/texture-net.ts";
import { unet2d, unetBlock } from "./models/unet.ts";
import { fieldPool } from "./symmetry/field-pool.ts";
import { symmetricBatchNorm } from "./symmetry/symmetric-batch-norm.ts";
import { symmetricConv2d } from "./symmetry/symmetric-conv.ts";

/** Layers and models of @hooke/layers-conv. */
export const convolution = /* @__PURE__ */ definePlugin({
  name: "convolution",
  layers: {
    adaptiveAveragePool,
    adaptiveMaxPool,
    averagePool1d,
    averagePool2d,
    averagePool3d,
    bottleneckBlock,
    conv1d,
    conv2d,
    conv3d,
    convTranspose1d,
    convTranspose2d,
    convTranspose3d,
    depthwiseConv1d,
    depthwiseConv2d,
    depthwiseConv3d,
    globalAveragePool,
    globalMaxPool,
    invertedResidualBlock,
    maxPool1d,
    maxPool2d,
    maxPool3d,
    microstructureCNN,
    mobileNetV2,
    fieldPool,
    resnet18,
    resnet34,
    residualBlock,
    separableConv1d,
    separableConv2d,
    separableConv3d,
    symmetricBatchNorm,
    symmetricCNN,
    symmetricConv2d,
    textureNet,
    unet2d,
    unetBlock,
    upsample,
    voxelCNN,
  },
});
