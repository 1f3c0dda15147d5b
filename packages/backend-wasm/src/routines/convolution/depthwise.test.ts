// Depthwise convolutions and their gradients: of small whole numbers they are exact, whole or in pieces.
import { describe, it } from "vitest";
import { type Axis, backends, expectExact } from "./exact.fixture.ts";

const cases: readonly (readonly [name: string, channels: number, axes: readonly Axis[]])[] = [
  [
    "3 x 3",
    8,
    [
      [9, 3, 1, 1, 1, 1],
      [11, 3, 1, 1, 1, 1],
    ],
  ],
  [
    "strides, and channels that fill no vectors",
    7,
    [
      [9, 3, 2, 1, 1, 1],
      [12, 3, 2, 0, 1, 1],
    ],
  ],
  [
    "dilation, and windows whose taps are taken in groups",
    4,
    [
      [14, 5, 1, 2, 3, 2],
      [13, 4, 1, 6, 5, 2],
    ],
  ],
  [
    "an image smaller than the window",
    6,
    [
      [2, 3, 1, 1, 1, 1],
      [1, 5, 1, 2, 2, 1],
    ],
  ],
  ["sequences longer than are added up in f32", 5, [[203, 3, 1, 1, 1, 1]]],
  [
    "volumes",
    3,
    [
      [4, 3, 1, 1, 1, 1],
      [5, 3, 2, 1, 0, 1],
      [9, 2, 1, 0, 0, 1],
    ],
  ],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  describe.each(["f32", "f64"] as const)("%s", (dtype) => {
    it.each(cases)("%s", async (_name, channels, axes) => {
      await expectExact(backend, { dtype, images: 3, axes, channels, filters: channels, groups: channels });
    });
  });
});
