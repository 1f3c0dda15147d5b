// Colours that are even to the eye in any colour vision, images that decode to their pixels, contour lines where they belong.
import { inflateSync } from "node:zlib";
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { colorScale, gradientOf } from "./color-scale.ts";
import { contourPath } from "./contours.ts";
import { fieldOf } from "./field.ts";
import type { Rgb } from "./oklab.ts";
import { palettes } from "./palettes.ts";
import { encodePng } from "./png.ts";

describe("colours", () => {
  const linear = (color: Rgb): number[] =>
    color.map((channel) => (channel <= 10 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4));
  const times = (matrix: readonly (readonly number[])[], vector: readonly number[]): number[] =>
    matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));
  const oklab = (rgb: readonly number[]): number[] =>
    times(
      [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
      ],
      times(
        [
          [0.4122214708, 0.5363325363, 0.0514459929],
          [0.2119034982, 0.6806995451, 0.1073969566],
          [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        rgb,
      ).map(Math.cbrt),
    );
  type Vision = (rgb: number[]) => number[];
  const cut = (vision: Vision) => (rgb: number[]) => vision(rgb).map((value) => Math.max(0, value));
  const steps = (vision: Vision, colors: readonly Rgb[] = palettes.sequential) => {
    const seen = colors.filter((_, i) => i % 16 === 0 || i === 254).map((color) => oklab(vision(linear(color))));
    return seen.slice(1).map((lab, i) => ({
      lighter: lab[0]! - seen[i]![0]!,
      size: Math.hypot(...lab.map((value, axis) => value - seen[i]![axis]!)),
    }));
  };

  test("equal steps", () => {
    const sizes = steps((rgb) => rgb).map(({ size }) => size);
    expect(Math.max(...sizes.slice(0, -1)) / Math.min(...sizes.slice(0, -1))).toBeLessThan(1.15);
  });

  // Machado, Oliveira and Fernandes, 2009, at full severity; linear channels.
  const lacks = [
    [
      "no red cones",
      [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ],
    ],
    [
      "no green cones",
      [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
      ],
    ],
    [
      "no blue cones",
      [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
      ],
    ],
  ] as const;

  test.each(lacks)("%s: every step is lighter, and none is lost", (_, matrix) => {
    const seen = steps(cut((rgb) => times(matrix, rgb)));
    const mean = seen.reduce((sum, { size }) => sum + size, 0) / seen.length;
    for (const { lighter, size } of seen.slice(0, -1)) {
      expect(lighter).toBeGreaterThan(0.02);
      expect(size).toBeGreaterThan(mean / 2);
    }
  });

  const arms = [palettes.diverging.slice(0, 128).toReversed(), palettes.diverging.slice(127)];

  test("both arms of the diverging colours start at the same grey, in equal steps, equally dark at equal sizes", () => {
    const [below, above] = arms.map((arm) => steps((rgb) => rgb, arm)) as [
      ReturnType<typeof steps>,
      ReturnType<typeof steps>,
    ];
    expect(arms[0]![0]).toEqual(arms[1]![0]);
    expect(new Set(arms[0]![0]).size).toBe(1);
    for (const [i, { lighter, size }] of below.slice(0, -1).entries()) {
      expect(lighter).toBeCloseTo(above[i]!.lighter, 2);
      expect(size / below[0]!.size).toBeCloseTo(1, 1);
      expect(above[i]!.size / below[0]!.size).toBeCloseTo(1, 1);
    }
  });

  test.each(lacks)(
    "%s: both arms darken in every step, and signs are told apart from a third of the way",
    (_, matrix) => {
      const vision = cut((rgb) => times(matrix, rgb));
      for (const arm of arms) for (const { lighter } of steps(vision, arm)) expect(lighter).toBeLessThan(-0.01);
      const [below, above] = arms.map((arm) => arm.map((color) => oklab(vision(linear(color))))) as [
        number[][],
        number[][],
      ];
      const apart = below.map((lab, i) => Math.hypot(...lab.map((value, axis) => value - above[i]![axis]!)));
      expect(Math.min(...apart.slice(42))).toBeGreaterThan(0.04);
      expect(apart.at(-1)).toBeGreaterThan(0.12);
    },
  );

  test.each([
    [-1, 0],
    [0, 0],
    [1, 127],
    [2, 254],
    [9, 254],
  ])("%s of 0 to 2 has colour %s", (value, index) => expect(colorScale([0, 2]).index(value)).toBe(index));

  test("values of both signs have diverging colours, with 0 in the middle, and a bar of those that occur", () => {
    const scale = colorScale([-1, 4]);
    expect(scale).toMatchObject({ palette: "diverging", range: [-1, 4] });
    expect([-4, -1, 0, 2, 4].map(scale.index)).toEqual([95, 95, 127, 191, 254]);
    expect(gradientOf(scale)).toContain("#");
    expect(colorScale([-1, 4], undefined, "sequential")).toMatchObject({ palette: "sequential", notes: [] });
    expect(colorScale([-1, 4], [0, 4]).palette).toBe("sequential");
    expect(colorScale([0, 0], undefined, "diverging").index(0)).toBe(127);
  });
});

test.each([
  ["grey", 1, 0],
  ["rgb", 3, 2],
  ["rgba", 4, 6],
  ["sequential", 1, 3],
  ["diverging", 1, 3],
] as const)("an image of %s decodes to its pixels", async (colors, bytes, type) => {
  const data = Uint8Array.from({ length: 6 * bytes }, (_, i) => (i * 37) % 256);
  const png = Buffer.from(await encodePng({ width: 3, height: 2, colors, data }));
  expect(png.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  expect([...chunks.get("IHDR")!]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, type, 0, 0, 0]);
  const rows = inflateSync(chunks.get("IDAT")!);
  const stride = 3 * bytes;
  expect([...rows]).toEqual([0, ...data.subarray(0, stride), 0, ...data.subarray(stride)]);
  expect(png.subarray(-8).toString("hex")).toBe("49454e44ae426082");
  expect(chunks.has("PLTE")).toBe(type === 3);
});

describe("contours", () => {
  test("a plane has a straight line, interpolated, the first row at the bottom", () => {
    const path = contourPath({ rows: 2, columns: 3, values: [0, 0, 0, 4, 4, 4] }, 1);
    expect(path).toBe("M1.5 1.25L0.5 1.25M2.5 1.25L1.5 1.25");
  });

  test("a saddle is cut by its mean; blank squares have no line", () => {
    const saddle = { rows: 2, columns: 2, values: [1, 0, 0, 1] };
    expect(contourPath(saddle, 0.4)).toBe("M1.1 1.5L1.5 1.1M0.9 0.5L0.5 0.9");
    expect(contourPath(saddle, 0.6)).toBe("M0.5 1.1L0.9 1.5M1.5 0.9L1.1 0.5");
    expect(contourPath({ ...saddle, values: [1, 0, Number.NaN, 1] }, 0.4)).toBe("");
  });
});

describe("fields", () => {
  const square = array([
    [1, 2],
    [3, 4],
  ]);

  test("a grid reaches half a step beyond its coordinates; points keep a margin", () => {
    expect(fieldOf({ values: square, x: [0, 1], y: [10, 20] }, "f")).toMatchObject({
      xRange: [-0.5, 1.5],
      yRange: [5, 25],
      notes: [],
    });
    expect(fieldOf({ values: array([1, 2]), x: [1, 0], y: [0, 1] }, "f")).toMatchObject({
      x: [0, 1],
      values: [2, 1],
      xRange: [-0.04, 1.04],
    });
  });

  test("what is too fine to see is thinned, and said", () => {
    const side = Array.from({ length: 1025 }, (_, i) => i);
    const field = fieldOf({ values: array(new Float32Array(1025 * 2), { shape: [2, 1025] }), x: side, y: [0, 1] }, "f");
    expect([field.x.length, field.y.length, field.values.length]).toEqual([342, 2, 684]);
    expect(field.notes).toEqual(["Of 2 rows and 1025 columns, 2 and 342 are drawn."]);
  });

  test.each([
    [{ values: square, x: [0, 1], y: [0] }, "values are f32[2, 2] for 2 values of x and 1 of y; a grid has [1, 2]"],
    [{ values: square, x: [0, 0], y: [0, 1] }, "x of a grid is at least two values that ascend in even steps"],
    [
      {
        values: array([
          [1, 2, 3],
          [1, 2, 3],
        ]),
        x: [0, 1, 3],
        y: [0, 1],
      },
      "x of a grid is at least two values that ascend in even steps; give uneven ones as points, a value each.",
    ],
    [{ values: array([1]), x: [Number.NaN], y: [0] }, "point 0 is at (NaN, 0); coordinates are finite."],
  ])("message %#", (given, message) => expect(() => fieldOf(given, "f")).toThrow(message));
});
