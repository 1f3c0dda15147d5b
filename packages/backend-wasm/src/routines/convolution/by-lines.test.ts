// Convolutions of images with one channel, and the gradients of their kernels: of small whole numbers they are exact, whole or in pieces.
import { describe, expect, it } from "vitest";
import { isByLines } from "./by-lines.ts";
import { type Axis, backends, expectExact } from "./exact.fixture.ts";
import { type Convolution, type Geometry, geometryOf } from "./geometry.ts";

const same = (size: number): Axis => [size, 3, 1, 1, 1, 1];

const cases: readonly (readonly [name: string, images: number, axes: readonly Axis[], filters: number])[] = [
  ["a sequence", 3, [[50, 5, 1, 4, 0, 1]], 6],
  ["a sequence longer than a block", 2, [same(700)], 4],
  ["a sequence longer than is added up in f32", 1, [same(4500)], 4],
  ["an image", 3, [same(9), same(14)], 16],
  [
    "strides and dilation",
    2,
    [
      [11, 3, 2, 2, 1, 2],
      [16, 4, 1, 3, 2, 3],
    ],
    5,
  ],
  [
    "padding that whole taps see, and a window larger than the image",
    2,
    [
      [4, 2, 1, 3, 0, 1],
      [3, 6, 1, 9, 8, 1],
    ],
    4,
  ],
  [
    "one filter",
    1,
    [
      [12, 9, 1, 4, 4, 1],
      [13, 9, 1, 4, 4, 1],
    ],
    1,
  ],
  ["a volume", 2, [same(4), same(5), same(8)], 8],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, images, axes, filters) => {
    const { nodes } = await expectExact(backend, { dtype: "f32", images, axes, channels: 1, filters, groups: 1 });
    const names: readonly Convolution[] = ["conv", "convKernelGradient"];
    const geometries = names.map((name) => geometryOf(nodes.find(({ primitive }) => primitive === name) as never));
    expect(geometries.map((geometry, i) => isByLines(names[i]!, geometry))).toEqual([true, true]);
  });
});

it("is left where lines are short or long, neighbours of outputs are none of pixels, or there are more channels", () => {
  const windows = { input: [8], output: [8], window: [3], stride: [1], dilation: [1], padding: [[1, 1]] } as const;
  const geometry: Geometry = {
    ...{ windows, dtype: "f32", size: 4, images: 1, groups: 1, channels: 1, filters: 4 },
    ...{ groupChannels: 1, groupFilters: 4, patch: 3, positions: 8 },
  };
  expect(isByLines("conv", geometry)).toBe(true);
  expect(isByLines("convInputGradient", geometry)).toBe(false);
  expect(isByLines("conv", { ...geometry, dtype: "f64" })).toBe(false);
  expect(isByLines("conv", { ...geometry, channels: 2 })).toBe(false);
  expect(isByLines("conv", { ...geometry, windows: { ...windows, output: [7] } })).toBe(false);
  expect(isByLines("conv", { ...geometry, windows: { ...windows, output: [22_000] } })).toBe(false);
  expect(isByLines("conv", { ...geometry, windows: { ...windows, stride: [2] } })).toBe(false);
});
