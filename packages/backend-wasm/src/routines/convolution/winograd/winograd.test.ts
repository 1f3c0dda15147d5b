// Convolutions in tiles of images and volumes, and their gradients, whole or in pieces: of small whole numbers, small tiles are exact. And which are computed so.
import {
  array,
  conv,
  convTranspose,
  grad,
  type HostArray,
  interpret,
  mul,
  optimize,
  type Program,
  record,
  sizeOf,
  square,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { WasmBackend } from "../../../backend.ts";
import { type Axis, backends, expectExact, wholeNumbers } from "../exact.fixture.ts";
import { type Convolution, geometryOf } from "../geometry.ts";
import { tilingOf } from "./index.ts";

type Pair = [number, number];

/** Axes of windows of three pixels. */
const axesOf = (sizes: readonly number[], ...padding: Pair[]): Axis[] =>
  sizes.map((size, axis) => [size, 3, 1, ...(padding[axis] ?? ([1, 1] as const)), 1]);

const names: readonly Convolution[] = ["conv", "convInputGradient", "convKernelGradient"];
/** Which of the three are in a program, and computed in tiles, and the side of these. */
const tiledOf = (nodes: Program["nodes"]): [Convolution, number][] =>
  names.flatMap((name) => {
    const tiling = tilingOf(name, geometryOf(nodes.find((node) => node.primitive === name) as never));
    return tiling ? [[name, tiling.algorithm.outputs]] : [];
  });
/** Transforms of large tiles multiply by fractions: so far are results off, relative to the largest. */
const rounding = 2e-6;

const same = (axes: number): Pair[] => Array.from({ length: axes }, () => [1, 1]);
const none = (axes: number): Pair[] => Array.from({ length: axes }, () => [0, 0]);

const [small, large] = [2, 4].map((side) => names.map(() => side)) as [number[], number[]];
const cases: readonly (readonly [
  name: string,
  images: number,
  axes: readonly Axis[],
  channels: number,
  filters: number,
  sides: readonly number[],
])[] = [
  ["whole tiles of an image", 6, axesOf([6, 6]), 24, 32, small],
  ["odd sides of an image", 4, axesOf([5, 9]), 28, 24, small],
  ["an image without padding", 12, axesOf([8, 8], ...none(2)), 24, 24, [2, 4, 2]],
  ["an image with more padding than the window takes", 24, axesOf([2, 3], [3, 3], [2, 3]), 24, 24, small],
  ["whole large tiles of an image", 6, axesOf([8, 8]), 24, 32, large],
  ["sides of an image that are one more than those of large tiles", 3, axesOf([13, 13]), 28, 24, large],
  ["two more, and three", 4, axesOf([14, 11]), 8, 12, large],
  ["large tiles of an image without padding", 7, axesOf([9, 14], ...none(2)), 24, 24, large],
  ["large tiles with more padding than the window takes", 7, axesOf([8, 8], [3, 3], [2, 4]), 24, 24, large],
  ["more large tiles than are added up in f32", 2049, axesOf([3, 3]), 8, 8, large],
  ["less than a tile's side", 48, axesOf([3, 2]), 8, 24, small],
  ["more tiles than are added up in f32", 2049, axesOf([2, 2]), 8, 8, small],
  ["whole tiles of a volume", 1, axesOf([6, 8, 10]), 4, 12, small],
  ["odd sides of a volume", 3, axesOf([5, 7, 5]), 8, 4, small],
  ["a volume without padding", 1, axesOf([10, 9, 8], ...none(3)), 8, 8, small],
  ["a volume with more padding than the window takes", 2, axesOf([5, 6, 4], [0, 3], [4, 2], [3, 3]), 4, 4, small],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, images, axes, channels, filters, sides) => {
    const geometry = { dtype: "f32", images, axes, channels, filters, groups: 1 } as const;
    const tolerances = sides.map((side) => (side === 2 ? 0 : rounding));
    const { nodes } = await expectExact(backend, geometry, tolerances);
    expect(tiledOf(nodes).map(([, side]) => side)).toEqual(sides);
  });
});

it.each([[[10, 10]], [[15, 16]], [[5, 8, 6]]])("is divided by places where tiles of %j are few", async (sizes) => {
  await expectExact(
    new WasmBackend({ threads: 2 }),
    { dtype: "f32", images: 1, axes: axesOf(sizes), channels: 32, filters: 64, groups: 1 },
    [rounding, rounding, rounding],
  );
});

it("is left where asked: an output with a large pixel under a small weight is then as exact as its terms", async () => {
  const image = new Float32Array(18 * 18 * 16).fill(1);
  image.fill(1e6, 19 * 16, 20 * 16);
  const x = array(image, { shape: [1, 18, 18, 16] });
  const kernel = array(
    Float32Array.from({ length: 9 * 16 * 16 }, (_, i) => (Math.floor(i / 256) === 4 ? 1e-6 : 1 + (i % 7) / 64)),
    { shape: [3, 3, 16, 16] },
  );
  const errorOf = async (backend: WasmBackend): Promise<number> => {
    const { program } = record((x: Tensor, kernel: Tensor) => conv(x, kernel), x, kernel);
    const executable = await backend.prepare(program);
    const inputs = [x, kernel].map((input) => backend.upload(input));
    const [output] = executable.run(inputs);
    const { data } = await backend.read(output!);
    const truth = interpret(program, [x, kernel])[0]!.data;
    for (const buffer of [...inputs, output!]) backend.free(buffer);
    executable.free();
    return Math.abs(data[0]! / truth[0]! - 1);
  };
  expect(await errorOf(new WasmBackend({ threads: 1, winograd: false }))).toBeLessThan(2e-6);
  expect(await errorOf(new WasmBackend({ threads: 1 }))).toBeGreaterThan(2e-6);
});

describe("is left where", () => {
  /** Of the convolution, the gradient of its input and that of its kernel, which are computed in tiles. */
  const tiled = (x: number[], filters: number, padding: Pair[]): string[] => {
    const f32 = (shape: number[]) => ({ shape, dtype: "f32" }) as const;
    const gradients = (x: Tensor, kernel: Tensor): Tensor[] => [
      grad((x: Tensor) => sum(square(conv(x, kernel, { padding }))))(x),
      grad((kernel: Tensor) => sum(square(conv(x, kernel, { padding }))))(kernel),
    ];
    const { nodes } = optimize(record(gradients, f32(x), f32([...padding.map(() => 3), x.at(-1)!, filters])).program);
    return tiledOf(nodes).map(([name, side]) => (side === 4 ? `${name} in large tiles` : name));
  };
  const [ofInputs, every, ofKernels] = [names.slice(0, 2), names, ["conv", "convKernelGradient"]];
  it.each<readonly [name: string, x: number[], filters: number, padding: Pair[], expected: readonly string[]]>([
    ["nothing speaks against it: 48 tiles", [48, 2, 2, 8], 8, same(2), every],
    ["tiles do not repay the transform of the kernel's gradient", [47, 2, 2, 8], 8, same(2), ofInputs],
    ["tiles do not repay the transform of the kernel", [23, 2, 2, 8], 8, same(2), []],
    [
      "large tiles have fewer products",
      [48, 4, 4, 8],
      8,
      same(2),
      ["conv in large tiles", "convInputGradient in large tiles", "convKernelGradient in large tiles"],
    ],
    ["large tiles have as many products", [48, 6, 6, 8], 8, same(2), every],
    [
      "large tiles are few",
      [11, 4, 4, 8],
      8,
      same(2),
      ["conv", "convInputGradient", "convKernelGradient in large tiles"],
    ],
    [
      "the transformed kernel of large tiles is large",
      [48, 4, 4, 192],
      192,
      same(2),
      ["conv", "convInputGradient", "convKernelGradient in large tiles"],
    ],
    ["half of every tile is empty", [500, 1, 9, 16], 16, same(2), []],
    ["three quarters of every tile are empty", [500, 1, 1, 16], 16, same(2), []],
    ["many tiles are half empty", [500, 3, 2, 16], 16, same(2), every],
    ["there are few outputs for the inputs", [100, 4, 4, 16], 16, none(2), ofKernels],
    [
      "weights do not meet the image",
      [100, 4, 2, 16],
      16,
      [
        [1, 1],
        [0, 3],
      ],
      [],
    ],
    ["steps of a sequence have the bits of the whole", [100, 8, 16], 16, same(1), []],
    ["channels are few along two axes", [100, 4, 4, 4], 8, same(2), []],
    ["channels are enough along three axes", [100, 2, 2, 2, 4], 4, same(3), every],
    ["channels do not fill vectors", [100, 2, 2, 2, 6], 4, same(3), []],
    ["the transformed kernel of an image is large", [96, 2, 2, 260], 256, same(2), []],
    ["the transformed kernel of a volume is large", [96, 2, 2, 2, 132], 128, same(3), []],
  ])("%s", (_name, x, filters, padding, expected) => {
    expect(tiled(x, filters, padding)).toEqual(expected);
  });
});

const extents = [
  [5, 6],
  [3, 5, 4],
];
it.each(extents.flatMap((extents) => [Number.POSITIVE_INFINITY, Number.NaN].map((value) => ({ value, extents }))))(
  "an input of $value among $extents reaches the outputs whose windows have it, and no others",
  async ({ value, extents }) => {
    const pixels = sizeOf(extents);
    const padding = same(extents.length);
    const x = wholeNumbers([12, ...extents, 16], 1);
    for (let image = 0; image < 12; image++)
      (x.data as Float32Array)[(image * pixels + ((7 * image) % pixels)) * 16 + image] = value;
    const kernel = wholeNumbers([...extents.map(() => 3), 16, 16], 2);
    const { program } = record(
      (x: Tensor, kernel: Tensor) => [conv(x, kernel, { padding }), convTranspose(x, kernel, extents, { padding })],
      x,
      kernel,
    );
    const backend = backends.whole;
    const executable = await backend.prepare(program);
    const inputs = [x, kernel].map((input) => backend.upload(input));
    const outputs = executable.run(inputs);
    const expected = interpret(program, [x, kernel]);
    for (const [i, output] of outputs.entries()) {
      const { data } = await backend.read(output);
      const finite = (values: HostArray["data"]) => Array.from(values, (n) => (Number.isFinite(n) ? n : "not finite"));
      expect(finite(data)).toEqual(finite(expected[i]!.data));
    }
    for (const buffer of [...inputs, ...outputs]) backend.free(buffer);
    executable.free();
  },
);

it.each([Number.POSITIVE_INFINITY, Number.NaN])(
  "an input of %d reaches no outputs but those of the large tile that has it",
  async (value) => {
    const x = wholeNumbers([3, 8, 8, 16], 1);
    (x.data as Float32Array)[(8 + 2) * 16] = value;
    const kernel = wholeNumbers([3, 3, 16, 16], 2);
    const { program } = record((x: Tensor, kernel: Tensor) => conv(x, kernel, { padding: same(2) }), x, kernel);
    expect(tilingOf("conv", geometryOf(program.nodes[0] as never))?.algorithm.outputs).toBe(4);
    const backend = backends.whole;
    const executable = await backend.prepare(program);
    const inputs = [x, kernel].map((input) => backend.upload(input));
    const [output] = executable.run(inputs);
    const { data } = await backend.read(output!);
    const truth = interpret(program, [x, kernel])[0]!.data;
    for (const [at, expected] of truth.entries()) {
      const [row, column] = [Math.floor(at / 128) % 8, Math.floor(at / 16) % 8];
      const inTile = at < 8 * 128 && row < 4 && column < 4;
      if (!inTile) expect(data[at]! - expected).toBeCloseTo(0, 2);
      else if (!Number.isFinite(expected)) expect(data[at]).not.toBeCloseTo(0, -10);
    }
    for (const buffer of [...inputs, output!]) backend.free(buffer);
    executable.free();
  },
);

it.each([
  ["all at once", backends.whole, 4, [16, 16], 64, 32],
  ["places divided, and the kernel in parts", new WasmBackend({ threads: 2 }), 1, [15, 16], 128, 96],
] as const)(
  "large tiles of normal numbers are off by a millionth, %s",
  async (_name, backend, images, extents, channels, filters) => {
    const shapes = [
      [images, ...extents, channels],
      [3, 3, channels, filters],
      [images, ...extents, filters],
    ];
    const normal = shapes.map((shape, seed) => {
      const uniform = wholeNumbers([...shape, 24], seed + 4).data as Float32Array;
      return Float32Array.from(
        { length: sizeOf(shape) },
        (_, i) => uniform.subarray(24 * i, 24 * i + 24).reduce((a, b) => a + b - 0.5, 0) / 11.2,
      );
    });
    const gradients = (x: Tensor, kernel: Tensor, ct: Tensor): Tensor[] => {
      const value = (x: Tensor, kernel: Tensor): Tensor => conv(x, kernel, { padding: same(2) });
      return [
        value(x, kernel),
        grad((x: Tensor) => sum(mul(value(x, kernel), ct)))(x),
        grad((kernel: Tensor) => sum(mul(value(x, kernel), ct)))(kernel),
      ];
    };
    const results = async (dtype: "f32" | "f64"): Promise<HostArray["data"][]> => {
      const args = normal.map((data, i) => array(Array.from(data), { shape: shapes[i]!, dtype }));
      const executable = await backend.prepare(optimize(record(gradients, ...args).program));
      const inputs = args.map((input) => backend.upload(input));
      const outputs = executable.run(inputs);
      const read = await Promise.all(outputs.map(async (output) => (await backend.read(output)).data));
      for (const buffer of [...inputs, ...outputs]) backend.free(buffer);
      executable.free();
      return read;
    };
    const [tiles, truth] = [await results("f32"), await results("f64")];
    for (const [i, expected] of truth.entries()) {
      const meanSquare = (values: ArrayLike<number>): number =>
        Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0) / values.length);
      const scale = meanSquare(expected);
      const errors = Array.from(expected, (value, at) => Math.abs(tiles[i]![at]! - value) / scale);
      expect(meanSquare(errors)).toBeLessThan(1e-6);
      expect(errors.reduce((a, b) => Math.max(a, b))).toBeLessThan(1e-5);
    }
  },
);
