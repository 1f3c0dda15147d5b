// Convolutions in tiles of images and volumes, and their gradients: of small whole numbers they are exact, whole or in pieces. And which are computed so.
import {
  array,
  conv,
  convTranspose,
  grad,
  type HostArray,
  interpret,
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
import { inTiles } from "./index.ts";

type Pair = [number, number];

/** Axes of windows of three pixels. */
const axesOf = (sizes: readonly number[], ...padding: Pair[]): Axis[] =>
  sizes.map((size, axis) => [size, 3, 1, ...(padding[axis] ?? ([1, 1] as const)), 1]);

const names: readonly Convolution[] = ["conv", "convInputGradient", "convKernelGradient"];
/** Which of the three are in a program, and computed in tiles. */
const tiledOf = (nodes: Program["nodes"]): Convolution[] =>
  names.filter((name) => inTiles(name, geometryOf(nodes.find((node) => node.primitive === name) as never)));

const same = (axes: number): Pair[] => Array.from({ length: axes }, () => [1, 1]);
const none = (axes: number): Pair[] => Array.from({ length: axes }, () => [0, 0]);

const cases: readonly (readonly [
  name: string,
  images: number,
  axes: readonly Axis[],
  channels: number,
  filters: number,
])[] = [
  ["whole tiles of an image", 6, axesOf([8, 8]), 24, 32],
  ["odd sides of an image", 3, axesOf([13, 11]), 28, 24],
  ["an image without padding", 7, axesOf([9, 10], ...none(2)), 24, 24],
  ["an image with more padding than the window takes", 3, axesOf([8, 9], [3, 2], [2, 4]), 24, 24],
  ["less than a tile's side", 48, axesOf([3, 2]), 8, 24],
  ["more tiles than are added up in f32", 530, axesOf([4, 4]), 8, 8],
  ["whole tiles of a volume", 1, axesOf([6, 8, 10]), 4, 12],
  ["odd sides of a volume", 3, axesOf([5, 7, 5]), 8, 4],
  ["a volume without padding", 1, axesOf([10, 9, 8], ...none(3)), 8, 8],
  ["a volume with more padding than the window takes", 2, axesOf([5, 6, 4], [0, 3], [4, 2], [3, 3]), 4, 4],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, images, axes, channels, filters) => {
    const { nodes } = await expectExact(backend, { dtype: "f32", images, axes, channels, filters, groups: 1 });
    expect(tiledOf(nodes)).toEqual(names);
  });
});

it.each([[[14, 14]], [[5, 8, 6]]])("is divided by places where tiles of %j are few", async (sizes) => {
  await expectExact(new WasmBackend({ threads: 2 }), {
    dtype: "f32",
    images: 1,
    axes: axesOf(sizes),
    channels: 16,
    filters: 32,
    groups: 1,
  });
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
  const tiled = (x: number[], filters: number, padding: Pair[]): Convolution[] => {
    const f32 = (shape: number[]) => ({ shape, dtype: "f32" }) as const;
    const all = (x: Tensor, kernel: Tensor): Tensor[] => [
      grad((x: Tensor) => sum(square(conv(x, kernel, { padding }))))(x),
      grad((kernel: Tensor) => sum(square(conv(x, kernel, { padding }))))(kernel),
    ];
    const { nodes } = optimize(record(all, f32(x), f32([...padding.map(() => 3), x.at(-1)!, filters])).program);
    return tiledOf(nodes);
  };
  const [ofInputs, every] = [names.slice(0, 2), names];
  it.each<readonly [name: string, x: number[], filters: number, padding: Pair[], expected: readonly string[]]>([
    ["nothing speaks against it: 48 tiles", [48, 2, 2, 8], 8, same(2), every],
    ["tiles do not repay the transform of the kernel's gradient", [47, 2, 2, 8], 8, same(2), ofInputs],
    ["tiles do not repay the transform of the kernel", [23, 2, 2, 8], 8, same(2), []],
    ["half of every tile is empty", [500, 1, 9, 16], 16, same(2), []],
    ["three quarters of every tile are empty", [500, 1, 1, 16], 16, same(2), []],
    ["many tiles are half empty", [500, 3, 3, 16], 16, same(2), ofInputs],
    ["there are few outputs for the inputs", [100, 4, 4, 16], 16, none(2), ["conv", "convKernelGradient"]],
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
