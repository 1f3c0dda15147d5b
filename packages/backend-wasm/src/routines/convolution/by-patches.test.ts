// Convolutions by patches, and their gradients: of small whole numbers they are exact, whole or in pieces.
import { describe, it } from "vitest";
import { backends, type Exact, expectExact } from "./exact.fixture.ts";

const f32 = { dtype: "f32", images: 2, groups: 1 } as const;

const cases: readonly (readonly [name: string, convolution: Exact])[] = [
  [
    "one filter, and patches larger than all arrays",
    {
      ...f32,
      axes: [
        [13, 5, 1, 2, 2, 1],
        [13, 5, 1, 2, 2, 1],
      ],
      channels: 1,
      filters: 1,
    },
  ],
  [
    "rows of taps, partly outside",
    {
      ...f32,
      axes: [
        [9, 3, 2, 1, 0, 1],
        [11, 7, 2, 3, 3, 1],
      ],
      channels: 3,
      filters: 5,
    },
  ],
  [
    "a kernel's gradient of one image, divided by positions",
    {
      ...f32,
      images: 1,
      axes: [
        [40, 2, 2, 0, 0, 1],
        [34, 2, 2, 0, 0, 1],
      ],
      channels: 4,
      filters: 8,
    },
  ],
  [
    "taps that lie apart",
    {
      ...f32,
      axes: [
        [8, 3, 1, 1, 1, 1],
        [9, 3, 1, 2, 2, 2],
      ],
      channels: 2,
      filters: 4,
    },
  ],
  [
    "windows wider than the image",
    {
      ...f32,
      axes: [
        [4, 3, 1, 1, 1, 1],
        [2, 5, 1, 2, 2, 1],
      ],
      channels: 4,
      filters: 3,
    },
  ],
  [
    "volumes",
    {
      ...f32,
      axes: [
        [3, 3, 1, 1, 1, 1],
        [4, 3, 1, 1, 1, 1],
        [5, 3, 1, 1, 1, 1],
      ],
      channels: 2,
      filters: 8,
    },
  ],
  [
    "more windows over one place than are added up in f32",
    {
      ...f32,
      axes: [
        [8, 7, 1, 3, 3, 1],
        [9, 6, 1, 3, 2, 1],
      ],
      channels: 3,
      filters: 2,
    },
  ],
  [
    "groups",
    {
      ...f32,
      axes: [
        [7, 3, 1, 1, 1, 1],
        [6, 3, 1, 1, 1, 1],
      ],
      channels: 6,
      filters: 4,
      groups: 2,
    },
  ],
  ["f64", { ...f32, dtype: "f64", axes: [[30, 4, 1, 2, 1, 1]], channels: 5, filters: 3 }],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, convolution) => {
    await expectExact(backend, convolution);
  });
});
