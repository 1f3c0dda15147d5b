// Convolutions of few positions with a large kernel, and their gradients: of small whole numbers they are exact, whole or in pieces.
import { describe, expect, it } from "vitest";
import { isByChannels } from "./by-channels.ts";
import { backends, type Exact, expectExact } from "./exact.fixture.ts";
import { type Convolution, geometryOf } from "./geometry.ts";

const cases: readonly (readonly [name: string, convolution: Omit<Exact, "groups">])[] = [
  [
    "3 x 3",
    {
      dtype: "f32",
      images: 2,
      axes: [
        [3, 3, 1, 1, 1, 1],
        [2, 3, 1, 1, 1, 1],
      ],
      channels: 128,
      filters: 130,
    },
  ],
  [
    "strides and dilation",
    {
      dtype: "f32",
      images: 1,
      axes: [
        [5, 3, 2, 2, 1, 2],
        [6, 3, 2, 0, 1, 1],
      ],
      channels: 192,
      filters: 96,
    },
  ],
  [
    "windows of one pixel with a stride",
    {
      dtype: "f32",
      images: 2,
      axes: [
        [3, 1, 2, 0, 0, 1],
        [3, 1, 2, 0, 0, 1],
      ],
      channels: 256,
      filters: 512,
    },
  ],
  [
    "taps that see no pixel",
    {
      dtype: "f32",
      images: 5,
      axes: [
        [1, 3, 1, 1, 1, 1],
        [2, 3, 1, 1, 1, 1],
      ],
      channels: 128,
      filters: 130,
    },
  ],
  ["f64 along one axis", { dtype: "f64", images: 3, axes: [[4, 5, 1, 2, 2, 1]], channels: 128, filters: 104 }],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, convolution) => {
    const { nodes } = await expectExact(backend, { ...convolution, groups: 1 });
    const names: readonly string[] = ["conv", "convInputGradient", "convKernelGradient"] satisfies Convolution[];
    const convolutions = nodes.filter(({ primitive }) => names.includes(primitive));
    expect(convolutions.map((node) => isByChannels(geometryOf(node as never)))).toEqual([true, true, true]);
  });
});
