// What parity with PyTorch does not show: inferred shapes, parameter counts, JSON, borders by hand, and refused options.
import { apply, core, type InputShape, init, type Layer, layerFromJson, summary } from "@hooke/core";
import { array, type HostArray, randomKey, record, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { withBorder } from "./border.ts";
import {
  adaptiveAveragePool,
  averagePool1d,
  averagePool2d,
  bottleneckBlock,
  conv1d,
  conv2d,
  conv3d,
  convolution,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  depthwiseConv2d,
  globalAveragePool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
  microstructureCNN,
  mobileNetV2,
  residualBlock,
  resnet18,
  resnet34,
  separableConv2d,
  textureNet,
  unet2d,
  upsample,
  voxelCNN,
} from "./index.ts";

describe("shapes and parameter counts", () => {
  const outputOf = (layer: Layer, shape: readonly number[]) => summary(layer, shape).rows.at(-1)!.outputShape;

  it.each<[string, Layer, readonly number[], readonly number[], number]>([
    ["same padding keeps sizes", conv2d({ filters: 8, kernelSize: [3, 5] }), [7, 6, 3], [7, 6, 8], 3 * 5 * 3 * 8 + 8],
    ["same padding with stride", conv2d({ filters: 2, kernelSize: 3, stride: 2 }), [7, 6, 1], [4, 3, 2], 20],
    ["valid padding", conv1d({ filters: 2, kernelSize: 3, padding: "valid", bias: false }), [9, 4], [7, 2], 24],
    ["volumes", conv3d({ filters: 2, kernelSize: 2, padding: "valid" }), [4, 5, 6, 1], [3, 4, 5, 2], 18],
    ["groups", conv2d({ filters: 6, kernelSize: 3, groups: 2 }), [5, 5, 4], [5, 5, 6], 3 * 3 * 2 * 6 + 6],
    ["depthwise", depthwiseConv2d({ kernelSize: 3, multiplier: 2 }), [5, 5, 3], [5, 5, 6], 60],
    ["separable", separableConv2d({ filters: 4, kernelSize: 3 }), [5, 5, 3], [5, 5, 4], 27 + 12 + 4],
    ["transposed, same", convTranspose2d({ filters: 2, kernelSize: 4, stride: 2 }), [5, 6, 3], [10, 12, 2], 98],
    [
      "transposed, valid",
      convTranspose2d({ filters: 2, kernelSize: 3, stride: 2, padding: "valid" }),
      [5, 5, 1],
      [11, 11, 2],
      20,
    ],
    [
      "transposed, with output padding beyond the windows",
      convTranspose1d({ filters: 1, kernelSize: 3, dilation: 3, stride: 2, padding: [[1, 1]], outputPadding: 2 }),
      [4, 2],
      // 3 * 2 + 7 points, one cut off both ends, two added
      [13, 1],
      7,
    ],
    ["transposed, single points", convTranspose1d({ filters: 1, kernelSize: 1, stride: 2 }), [5, 1], [10, 1], 2],
    ["transposed, short windows", convTranspose1d({ filters: 1, kernelSize: 2, stride: 4 }), [5, 1], [20, 1], 3],
    [
      "transposed, short windows on one axis",
      convTranspose2d({ filters: 1, kernelSize: [1, 4], stride: [3, 2] }),
      [5, 6, 1],
      [15, 12, 1],
      5,
    ],
    [
      "transposed, short windows in volumes",
      convTranspose3d({ filters: 1, kernelSize: 1, stride: 2, outputPadding: 1 }),
      [2, 3, 4, 1],
      [4, 6, 8, 1],
      2,
    ],
    ["pooling", maxPool2d({ kernelSize: 3, stride: 2, padding: 1 }), [7, 7, 2], [4, 4, 2], 0],
    ["adaptive pooling", adaptiveAveragePool({ outputSize: [3, 2] }), [7, 5, 2], [3, 2, 2], 0],
    ["global pooling", globalMaxPool(), [7, 5, 4, 2], [2], 0],
    ["upsampling", upsample({ scale: [2, 3] }), [2, 3, 4], [4, 9, 4], 0],
    ["residual block", residualBlock({ filters: 4 }), [6, 6, 4], [6, 6, 4], 2 * (9 * 16 + 8)],
    [
      "bottleneck",
      bottleneckBlock({ filters: 2, stride: 2 }),
      [6, 6, 8],
      [3, 3, 8],
      16 + 4 + 36 + 4 + 16 + 16 + 64 + 16,
    ],
    ["microstructureCNN", microstructureCNN(), [64, 64, 1], [1], 2_190_785],
    ["resnet18", resnet18(), [64, 64, 3], [1000], 11_689_512],
    ["resnet34", resnet34(), [32, 32, 3], [1000], 21_797_672],
    ["mobileNetV2", mobileNetV2(), [64, 64, 3], [1000], 3_504_872],
    ["mobileNetV2, wide, without a head", mobileNetV2({ outputs: 0, width: 1.4 }), [64, 64, 3], [1792], 4_315_776],
    ["mobileNetV2 with folded norms", mobileNetV2({ outputs: 1001, norm: false }), [32, 32, 3], [1001], 3_489_097],
    ["resnet18 without a head", resnet18({ outputs: 0 }), [64, 64, 3], [512], 11_176_512],
    ["textureNet", textureNet(), [64, 49, 1], [128], 307_504],
    ["voxelCNN", voxelCNN({ outputs: 3 }), [8, 9, 10, 1], [3], 448 + 32 + 13_856 + 64 + 55_360 + 128 + 4160 + 195],
    [
      "unet2d",
      unet2d({ filters: 4, depth: 2, outputs: 2 }),
      [8, 12, 1],
      [8, 12, 2],
      196 + 896 + 3520 + 132 + 520 + 448 + 1760 + 10,
    ],
  ])("%s", (_, layer, input, output, parameters) => {
    expect(summary(layer, input).parameters).toBe(parameters);
    expect(outputOf(layer, input)).toEqual(output);
  });
});

describe("layers are JSON", () => {
  const layers: readonly Layer[] = [
    conv2d({ filters: 2, kernelSize: 3, paddingMode: "circular", padding: [[1, 0], 1] }),
    separableConv2d({ filters: 2, kernelSize: 3, activation: "relu" }),
    averagePool2d({ kernelSize: 2, includePadding: false }),
    residualBlock({ filters: 2 }),
    unet2d({ filters: 2, depth: 1 }),
    microstructureCNN({ outputs: 2 }),
    textureNet({ paddingMode: "circular" }),
  ];
  it.each(layers.map((layer) => [layer.type, layer] as const))("%s", (_, layer) => {
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)), [core, convolution]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(layer));
    expect(again.type).toBe(layer.type);
  });

  it("the plugin lists every layer under its type", () => {
    for (const [name, layer] of Object.entries(convolution.layers)) expect((layer as { type: string }).type).toBe(name);
  });
});

describe("borders", () => {
  const bordered = async (mode: "reflect" | "circular", margins: readonly [number, number][], x: HostArray) => {
    const { data } = await run(referenceBackend(), (value: Tensor) => withBorder(value, margins, mode), x);
    return [...data];
  };
  const row = array([1, 2, 3, 4], { shape: [1, 4, 1] });

  it("mirror about the outermost points", async () => {
    expect(await bordered("reflect", [[2, 3]], row)).toEqual([3, 2, 1, 2, 3, 4, 3, 2, 1]);
  });

  it("continue periodically, corners too", async () => {
    expect(await bordered("circular", [[1, 2]], row)).toEqual([4, 1, 2, 3, 4, 1, 2]);
    const image = array([1, 2, 3, 4], { shape: [1, 2, 2, 1] });
    const margins: [number, number][] = [
      [1, 0],
      [0, 1],
    ];
    expect(await bordered("circular", margins, image)).toEqual([3, 4, 3, 1, 2, 1, 3, 4, 3]);
  });

  it("are no wider than the image", async () => {
    await expect(bordered("reflect", [[0, 4]], row)).rejects.toThrow(
      "padding: reflect padding of [0, 4] is more than an axis of 4 points holds (3); use a smaller window.",
    );
  });
});

describe("what is refused", () => {
  const made = (layer: () => Layer) => layer;
  it.each<[string, () => unknown, string | RegExp]>([
    [
      "no filters",
      made(() => conv2d({ filters: 0, kernelSize: 3 })),
      'conv2d: option "filters" is 0; expected a whole number above 0.',
    ],
    [
      "a window of another rank",
      made(() => conv2d({ filters: 1, kernelSize: [3] })),
      /option "kernelSize" is \[3\]; expected a whole number of at least 1, or a list of 2/,
    ],
    [
      "an unknown padding",
      made(() => conv2d({ filters: 1, kernelSize: 3, padding: "full" as never })),
      /option "padding" is "full"; expected "valid", "same"/,
    ],
    [
      "an unknown border",
      made(() => conv2d({ filters: 1, kernelSize: 3, paddingMode: "mirror" as never })),
      /option "paddingMode" is "mirror"; expected one of "zeros", "reflect", "circular"/,
    ],
    [
      "a misspelt option",
      made(() => conv2d({ filters: 1, kernelSize: 3, strides: 2 } as never)),
      /unknown option "strides".*"stride"/,
    ],
    [
      "a padding for two axes on one",
      made(() => conv1d({ filters: 1, kernelSize: 3, padding: [1, 2] })),
      'conv1d: option "padding" is [1,2]; expected "valid", "same", a whole number, or [[before, after]].',
    ],
    [
      "corners of repeated points",
      made(() => upsample({ scale: 2, alignCorners: false })),
      'upsample: received {"scale":2,"alignCorners":false}; expected alignCorners together with mode "linear" alone.',
    ],
    ...[globalAveragePool, globalMaxPool].map((layer): [string, () => unknown, string] => [
      `an option of ${layer.type}`,
      made(() => layer({ kernelSize: 2 } as never)),
      `${layer.type}: received the unknown option "kernelSize". It has none.`,
    ]),
    [
      "a scale below 1",
      made(() => upsample({ scale: 0.5 })),
      /option "scale" is 0.5; expected a number from 1 to 1024/,
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  const shaped = (layer: Layer, shape: InputShape) => () =>
    record((key: Tensor) => init(layer, shape, key) as never, randomKey(0));
  it.each<[string, () => unknown, string | RegExp]>([
    [
      "an image for volumes",
      shaped(conv3d({ filters: 1, kernelSize: 3 }), [5, 5, 1]),
      /conv3d: input: received \[batch, 5, 5, 1\]; expected \[batch, depth, height, width, channels\]/,
    ],
    [
      "images without the axis of their one channel",
      shaped(conv2d({ filters: 1, kernelSize: 3 }), [8, 9]),
      "expected [batch, height, width, channels]. A single channel is an axis, too: [batch, 8, 9, 1].",
    ],
    ...[conv2d({ filters: 1, kernelSize: 3, padding: "valid" }), maxPool2d({ kernelSize: 2 })].map(
      (layer): [string, () => unknown, string] => [
        `images with channels first: ${layer.type}`,
        shaped(layer, [1, 8, 9]),
        "Images are [batch, height, width, channels]: if the 1 of [batch, 1, 8, 9] counts channels, move them to the end " +
          "by await run(backend, (x) => transpose(x, [0, 2, 3, 1]), images).",
      ],
    ),
    [
      "volumes with channels first",
      shaped(voxelCNN(), [1, 8, 8, 8]),
      "with at least 8 points on each side. Images are [batch, depth, height, width, channels]: if the 1 of",
    ],
    [
      "groups that do not divide",
      shaped(conv2d({ filters: 4, kernelSize: 3, groups: 2 }), [5, 5, 3]),
      "conv2d: has 2 groups for 3 input channels and 4 filters; groups divide both numbers.",
    ],
    [
      "too much output padding",
      shaped(convTranspose2d({ filters: 1, kernelSize: 3, outputPadding: 1 }), [5, 5, 1]),
      /has outputPadding 1; it is below the stride/,
    ],
    [
      "sides that cannot be halved",
      shaped(unet2d({ depth: 2 }), [10, 8, 1]),
      /expected .* multiples of 4, received \[1, 10, 8, 1\]/,
    ],
    [
      "a transposed convolution that leaves nothing",
      shaped(convTranspose2d({ filters: 1, kernelSize: 3, padding: [0, 4], outputPadding: 0 }), [5, 5, 1]),
      "convTranspose2d: cuts off all 7 points of axis 2; use less padding.",
    ],
    ...[maxPool2d({ kernelSize: [3, 2], padding: [1, 2] }), averagePool2d({ kernelSize: [3, 2], padding: [1, 2] })].map(
      (layer): [string, () => unknown, string] => [
        `windows of padding alone: ${layer.type}`,
        shaped(layer, [5, 5, 1]),
        `${layer.type}: pads axis 2 by [2, 2] points for a window of 2; it pads by at most half the window, 1, so that `,
      ],
    ),
    [
      "small images",
      shaped(microstructureCNN(), [7, 16, 1]),
      "microstructureCNN: input: received [batch, 7, 16, 1]; expected [batch, height, width, channels] with at least 8 points on each side.",
    ],
    [
      "small textures",
      shaped(textureNet(), [64, 31, 1]),
      "textureNet: input: received [batch, 64, 31, 1]; expected [batch, height, width, channels] with at least 32 points on each side.",
    ],
    [
      "coloured textures",
      shaped(textureNet(), [64, 64, 3]),
      "textureNet: received images of 3 channels; it sees grey ones, [batch, height, width, 1]: average the channels.",
    ],
    [
      "small volumes",
      shaped(voxelCNN(), [8, 8, 4, 1]),
      "voxelCNN: input: received [batch, 8, 8, 4, 1]; expected [batch, depth, height, width, channels] with at least 8 points on each side.",
    ],
    ...[globalAveragePool(), globalMaxPool(), adaptiveAveragePool({ outputSize: 1 }), upsample()].map(
      (layer): [string, () => unknown, string] => [
        `four spatial axes: ${layer.type}`,
        shaped(layer, [2, 2, 2, 2, 1]),
        `${layer.type}: expected [batch, ...spatial, channels] with 1 to 3 spatial axes, received [1, 2, 2, 2, 2, 1].`,
      ],
    ),
    ...[globalAveragePool(), adaptiveAveragePool({ outputSize: 1 }), upsample({ mode: "linear" })].map(
      (layer): [string, () => unknown, string] => [
        `means of integers: ${layer.type}`,
        shaped(layer, { shape: [4, 1], dtype: "i32" }),
        `${layer.type}: takes means, which i32 cannot hold; convert the input to f32 first.`,
      ],
    ),
    [
      "repeating 1.5 times",
      shaped(upsample({ scale: 1.5 }), [4, 4, 1]),
      /repeats points 1.5 times; "nearest" takes whole scales/,
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(message);
  });

  it("pooling pads by up to half the window, and no window is all padding", async () => {
    const one = array([1, 3], { shape: [1, 2, 1] });
    const pooled = async (layer: Layer) => {
      const { data } = await run(
        referenceBackend(),
        (x: Tensor) => apply(layer, { params: {}, state: {} }, x).output,
        one,
      );
      return [...data];
    };
    const config = { kernelSize: 2, padding: 1 };
    expect(await pooled(maxPool1d(config))).toEqual([1, 3]);
    expect(await pooled(averagePool1d(config))).toEqual([0.5, 1.5]);
    expect(await pooled(averagePool1d({ ...config, includePadding: false }))).toEqual([1, 3]);
  });

  it("a model in training and in inference are two programs: batch norm's statistics move only in training", async () => {
    const block = residualBlock({ filters: 2 });
    const moved = (await run(
      referenceBackend(),
      ((key: Tensor, x: Tensor) => {
        const variables = init(block, [4, 4, 2], key);
        const state = (training: boolean) => apply(block, variables, x, { training }).state;
        return { training: state(true), inference: state(false) };
      }) as never,
      randomKey(0) as never,
      array(
        Array.from({ length: 64 }, (_, i) => Math.sin(i)),
        { shape: [2, 4, 4, 2] },
      ) as never,
    )) as never as Record<string, { norm1: { mean: HostArray } }>;
    expect([...moved.inference!.norm1.mean.data]).toEqual([0, 0]);
    expect([...moved.training!.norm1.mean.data]).not.toEqual([0, 0]);
  });
});

it("residual blocks start as torchvision's: variance 2 / fan out, also where channels change", async () => {
  const { params } = (await run(
    referenceBackend(),
    ((key: Tensor) => init(residualBlock({ filters: 64 }), [4, 4, 8], key)) as never,
    randomKey(0) as never,
  )) as unknown as { params: { conv1: { kernel: HostArray }; shortcut: { 0: { kernel: HostArray } } } };
  const variance = ({ data }: HostArray) => [...data].reduce((sum, value) => sum + value ** 2, 0) / data.length;
  // 4608 and 512 values: the estimates are within 2 and 6 percent (one standard deviation).
  expect(variance(params.conv1.kernel) / (2 / (9 * 64))).toBeCloseTo(1, 1);
  expect(Math.abs(variance(params.shortcut[0].kernel) / (2 / 64) - 1)).toBeLessThan(0.2);
});
