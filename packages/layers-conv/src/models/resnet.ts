// Residual networks for images, with torchvision's layout of layers and weights.
import { batchNorm, defineLayer, dense, type LayerFactory, relu, sequential } from "@hooke/core";
import { checks } from "@hooke/runtime";
import { globalAveragePool } from "../layers/adaptive-pool.ts";
import { convolution, residualBlock } from "../layers/blocks.ts";
import { maxPool2d } from "../layers/pool.ts";

/** Options of {@link resnet18} and {@link resnet34}. */
export interface ResnetConfig {
  /**
   * Number of outputs: classes, or regression targets. Default 1000, as for ImageNet. With 0 there is no head: the output is the
   * 512 averages over the image, for a head of one's own.
   */
  readonly outputs?: number;
}

/** Blocks of one size; the first of them may halve it. */
const stage = (filters: number, blocks: number, stride: number) =>
  sequential(Array.from({ length: blocks }, (_, i) => residualBlock({ filters, stride: i === 0 ? stride : 1 })));

function resnet(type: string, blocks: readonly [number, number, number, number]): LayerFactory<ResnetConfig> {
  return defineLayer({
    type,
    options: { optional: { outputs: checks.wholeNumber } },
    children: ({ outputs = 1000 }: ResnetConfig) => ({
      conv1: convolution(64, 7, 2),
      norm1: batchNorm(),
      pool: maxPool2d({ kernelSize: 3, stride: 2, padding: 1 }),
      layer1: stage(64, blocks[0], 1),
      layer2: stage(128, blocks[1], 2),
      layer3: stage(256, blocks[2], 2),
      layer4: stage(512, blocks[3], 2),
      average: globalAveragePool(),
      ...(outputs > 0 && { head: dense({ units: outputs }) }),
    }),
    apply: ({ children: { conv1, norm1, pool, layer1, layer2, layer3, layer4, average, head } }, x) => {
      const features = average(layer4(layer3(layer2(layer1(pool(relu(norm1(conv1(x)))))))));
      return head === undefined ? features : head(features);
    },
  });
}

/**
 * ResNet-18: `[batch, height, width, channels]` to `[batch, outputs]`, images of any size; 11,689,512 parameters for
 * three channels and 1,000 classes. Its parameters follow torchvision's and start as they do: `layer2.0.conv1.kernel`
 * is `layer2.0.conv1.weight`, `norm` is `bn`, `shortcut` is `downsample`, `head` is `fc`. He et al., "Deep residual
 * learning for image recognition", CVPR 2016.
 */
export const resnet18: LayerFactory<ResnetConfig> = /* @__PURE__ */ resnet("resnet18", [2, 2, 2, 2]);

/** ResNet-34: as {@link resnet18} with more blocks; 21,797,672 parameters for three channels and 1,000 classes. */
export const resnet34: LayerFactory<ResnetConfig> = /* @__PURE__ */ resnet("resnet34", [3, 4, 6, 3]);
