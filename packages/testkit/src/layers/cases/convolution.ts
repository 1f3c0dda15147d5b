// Cases for the layers of @hooke/layers-conv.
import * as conv from "@hooke/layers-conv";
import type { LayerCases } from "../run.ts";

const space = { from: 2, to: 4 };

/** Networks of a fixed size: what they are made of has cases of its own. */
const large = { derivatives: "too many parameters for differences; its parts have cases" };

const larger = { ...large, agreement: "too large for the reference interpreter; its parts have cases" };

const same = "resnet18 with more blocks";
const largest = { ...larger, shapes: same, frozen: same, reproducible: same, rows: same };

export const convolutionCases: LayerCases<typeof conv.convolution.layers> = {
  adaptiveAveragePool: [{ layer: conv.adaptiveAveragePool({ outputSize: 2 }), input: [5, 3, 2], ranks: space }],
  adaptiveMaxPool: [{ layer: conv.adaptiveMaxPool({ outputSize: 2 }), input: [5, 3, 2], ranks: space }],
  averagePool1d: [{ layer: conv.averagePool1d({ kernelSize: 2 }), input: [5, 2] }],
  averagePool2d: [
    { layer: conv.averagePool2d({ kernelSize: [2, 3], stride: 2, padding: "same" }), input: [5, 4, 2] },
    { layer: conv.averagePool2d({ kernelSize: 3, padding: 1, includePadding: false }), input: [5, 4, 2] },
  ],
  averagePool3d: [{ layer: conv.averagePool3d({ kernelSize: 2 }), input: [4, 3, 2, 2] }],
  bottleneckBlock: [
    { layer: conv.bottleneckBlock({ filters: 2 }), input: [3, 4, 8] },
    { layer: conv.bottleneckBlock({ filters: 2, stride: 2 }), input: [5, 4, 3] },
  ],
  conv1d: [{ layer: conv.conv1d({ filters: 2, kernelSize: 3, dilation: 2, activation: "tanh" }), input: [5, 3] }],
  conv2d: [
    { layer: conv.conv2d({ filters: 2, kernelSize: [3, 2], stride: 2 }), input: [5, 4, 3] },
    { layer: conv.conv2d({ filters: 4, kernelSize: 3, groups: 2, paddingMode: "circular" }), input: [4, 3, 2] },
    { layer: conv.conv2d({ filters: 1, kernelSize: 3, paddingMode: "reflect", bias: false }), input: [4, 3, 2] },
  ],
  conv3d: [{ layer: conv.conv3d({ filters: 2, kernelSize: 2, padding: "valid" }), input: [3, 4, 2, 2] }],
  convTranspose1d: [{ layer: conv.convTranspose1d({ filters: 2, kernelSize: 3, stride: 2 }), input: [4, 3] }],
  convTranspose2d: [
    { layer: conv.convTranspose2d({ filters: 2, kernelSize: 3, stride: 2 }), input: [4, 3, 2] },
    { layer: conv.convTranspose2d({ filters: 2, kernelSize: 2, padding: "valid" }), input: [2, 3, 2] },
    { layer: conv.convTranspose2d({ filters: 2, kernelSize: [1, 2], stride: 3 }), input: [2, 3, 2] },
  ],
  convTranspose3d: [{ layer: conv.convTranspose3d({ filters: 2, kernelSize: 2, stride: 2 }), input: [2, 3, 2, 2] }],
  depthwiseConv1d: [{ layer: conv.depthwiseConv1d({ kernelSize: 3 }), input: [5, 2] }],
  depthwiseConv2d: [{ layer: conv.depthwiseConv2d({ kernelSize: 3, multiplier: 2 }), input: [4, 3, 2] }],
  depthwiseConv3d: [{ layer: conv.depthwiseConv3d({ kernelSize: 2 }), input: [3, 4, 2, 2] }],
  globalAveragePool: [{ layer: conv.globalAveragePool(), input: [3, 4, 2], ranks: space }],
  globalMaxPool: [{ layer: conv.globalMaxPool(), input: [3, 4, 2], ranks: space }],
  invertedResidualBlock: [
    { layer: conv.invertedResidualBlock({ filters: 2, expandedFilters: 3 }), input: [3, 4, 2] },
    {
      layer: conv.invertedResidualBlock({ filters: 3, expandedFilters: 2, stride: 2, padding: "same", norm: false }),
      input: [4, 5, 2],
    },
  ],
  maxPool1d: [{ layer: conv.maxPool1d({ kernelSize: 2 }), input: [5, 2] }],
  maxPool2d: [{ layer: conv.maxPool2d({ kernelSize: 3, stride: 2, padding: 1 }), input: [5, 4, 2] }],
  maxPool3d: [{ layer: conv.maxPool3d({ kernelSize: 2 }), input: [4, 3, 2, 2] }],
  microstructureCNN: [{ layer: conv.microstructureCNN({ outputs: 2 }), input: [8, 8, 1], skip: large }],
  mobileNetV2: [{ layer: conv.mobileNetV2({ outputs: 2, width: 0.1 }), input: [16, 16, 1], skip: larger }],
  fieldPool: [
    { layer: conv.fieldPool(), input: [3, 4, 16], ranks: { from: 1 } },
    { layer: conv.fieldPool({ group: "p4", kind: "mean" }), input: [3, 4, 8], ranks: { from: 1 } },
  ],
  residualBlock: [
    { layer: conv.residualBlock({ filters: 2 }), input: [3, 4, 2] },
    { layer: conv.residualBlock({ filters: 3, stride: 2 }), input: [5, 4, 2] },
  ],
  resnet18: [{ layer: conv.resnet18({ outputs: 2 }), input: [16, 16, 1], skip: larger }],
  resnet34: [{ layer: conv.resnet34({ outputs: 2 }), input: [16, 16, 1], skip: largest }],
  separableConv1d: [{ layer: conv.separableConv1d({ filters: 3, kernelSize: 3 }), input: [5, 2] }],
  separableConv2d: [
    { layer: conv.separableConv2d({ filters: 3, kernelSize: 3, activation: "silu" }), input: [4, 3, 2] },
  ],
  separableConv3d: [{ layer: conv.separableConv3d({ filters: 2, kernelSize: 2 }), input: [3, 4, 2, 2] }],
  symmetricBatchNorm: [{ layer: conv.symmetricBatchNorm({ group: "p4" }), input: [3, 4, 8], ranks: { from: 1 } }],
  symmetricCNN: [{ layer: conv.symmetricCNN({ outputs: 2, fields: 1 }), input: [8, 8, 1], skip: larger }],
  symmetricConv2d: [
    { layer: conv.symmetricConv2d({ fields: 2, kernelSize: 3, from: "scalar", group: "p4" }), input: [4, 3, 2] },
    { layer: conv.symmetricConv2d({ fields: 1, kernelSize: 3, activation: "tanh" }), input: [3, 4, 8] },
    {
      layer: conv.symmetricConv2d({ fields: 2, kernelSize: 3, group: "p4", to: "tensor", padding: "valid" }),
      input: [4, 3, 4],
    },
    { layer: conv.symmetricConv2d({ fields: 1, kernelSize: 3, from: "vector", to: "tensor" }), input: [3, 4, 2] },
  ],
  textureNet: [{ layer: conv.textureNet(), input: [32, 33, 1], skip: larger }],
  unet2d: [{ layer: conv.unet2d({ filters: 2, depth: 1, outputs: 2 }), input: [4, 6, 1] }],
  unetBlock: [{ layer: conv.unetBlock({ filters: 2, paddingMode: "circular" }), input: [4, 3, 2] }],
  upsample: [
    { layer: conv.upsample({ mode: "linear" }), input: [3, 4, 2], ranks: space },
    { layer: conv.upsample({ scale: [2, 3] }), input: [3, 2, 2] },
  ],
  voxelCNN: [{ layer: conv.voxelCNN(), input: [8, 8, 8, 1], skip: large }],
};
