// Residual blocks: a few convolutions around which the input passes unchanged.
import { batchNorm, defineLayer, type Layer, type LayerFactory, relu, sequential } from "@hooke/core";
import { add, checks, type Tensor } from "@hooke/runtime";
import { conv2d } from "./conv.ts";

/** Options of {@link residualBlock} and {@link bottleneckBlock}. */
export interface ResidualBlockConfig {
  /** Channels of the convolutions; a bottleneck's output has four times as many. */
  readonly filters: number;
  /** Of the 3x3 convolution that enlarges the field of view; the shortcut follows. Default 1. */
  readonly stride?: number;
}

const options = { required: { filters: checks.count }, optional: { stride: checks.count } };

/**
 * A convolution as torchvision's ResNets have it: padded on both sides alike, whatever the stride, which stored weights
 * expect; without bias; normal weights of variance `2 / fanOut`, which keeps the size of gradients (`heNormal`, of
 * variance `2 / fanIn`, that of activations).
 */
export const convolution = (filters: number, kernelSize: number, stride = 1): Layer =>
  conv2d({
    filters,
    kernelSize,
    stride,
    bias: false,
    padding: (kernelSize - 1) / 2,
    kernelInitializer: { name: "normal", standardDeviation: Math.SQRT2 / Math.sqrt(kernelSize ** 2 * filters) },
  });

const projection = (filters: number, stride: number) => sequential([convolution(filters, 1, stride), batchNorm()]);

/** The input, projected where its size or channels change. */
function shortcut(x: Tensor, filters: number, stride: number, project: (x: Tensor) => Tensor): Tensor {
  return stride === 1 && x.shape.at(-1) === filters ? x : project(x);
}

/**
 * Two 3x3 convolutions with batch normalisation, their sum with the input, relu: `[batch, height, width, channels]` to
 * `[batch, ceil(height / stride), ceil(width / stride), filters]`. Where size or channels change, the shortcut is a 1x1
 * convolution with batch normalisation. He et al., "Deep residual learning for image recognition", CVPR 2016.
 *
 * Parameters: `conv1`, `norm1`, `conv2`, `norm2`, and `shortcut.0`, `shortcut.1` where there is a projection. Kernels
 * start as torchvision's: normal, of variance `2 / fanOut`.
 */
export const residualBlock: LayerFactory<ResidualBlockConfig> = /* @__PURE__ */ defineLayer({
  type: "residualBlock",
  options,
  children: ({ filters, stride = 1 }: ResidualBlockConfig) => ({
    conv1: convolution(filters, 3, stride),
    norm1: batchNorm(),
    conv2: convolution(filters, 3),
    norm2: batchNorm(),
    shortcut: projection(filters, stride),
  }),
  apply: ({ config: { filters, stride = 1 }, children: { conv1, norm1, conv2, norm2, shortcut: project } }, x) => {
    const inner = norm2(conv2(relu(norm1(conv1(x)))));
    return relu(add(inner, shortcut(x, filters, stride, project)));
  },
});

/**
 * A 1x1, a 3x3 and a 1x1 convolution with batch normalisation, their sum with the input, relu:
 * `[batch, height, width, channels]` to `[batch, ceil(height / stride), ceil(width / stride), 4 filters]`. The stride
 * is the 3x3 convolution's, as in torchvision; in the paper it is the first one's. Where size or channels change, the
 * shortcut is a 1x1 convolution with batch normalisation. He et al., "Deep residual learning for image recognition",
 * CVPR 2016.
 *
 * Parameters: `conv1` to `conv3`, `norm1` to `norm3`, and `shortcut.0`, `shortcut.1` where there is a projection.
 * Kernels start as those of {@link residualBlock}.
 */
export const bottleneckBlock: LayerFactory<ResidualBlockConfig> = /* @__PURE__ */ defineLayer({
  type: "bottleneckBlock",
  options,
  children: ({ filters, stride = 1 }: ResidualBlockConfig) => ({
    conv1: convolution(filters, 1),
    norm1: batchNorm(),
    conv2: convolution(filters, 3, stride),
    norm2: batchNorm(),
    conv3: convolution(4 * filters, 1),
    norm3: batchNorm(),
    shortcut: projection(4 * filters, stride),
  }),
  apply: ({ config: { filters, stride = 1 }, children }, x) => {
    const { conv1, norm1, conv2, norm2, conv3, norm3, shortcut: project } = children;
    const inner = norm3(conv3(relu(norm2(conv2(relu(norm1(conv1(x))))))));
    return relu(add(inner, shortcut(x, 4 * filters, stride, project)));
  },
});
