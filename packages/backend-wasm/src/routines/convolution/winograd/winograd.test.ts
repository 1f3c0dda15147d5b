// Convolutions in tiles, and their gradients: of small whole numbers they are exact, whole or in pieces. And which are computed so.
import {
  array,
  conv,
  convTranspose,
  grad,
  type HostArray,
  interpret,
  optimize,
  record,
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

const cases: readonly (readonly [
  name: string,
  images: number,
  axes: readonly Axis[],
  channels: number,
  filters: number,
])[] = [
  ["whole tiles", 6, axesOf([8, 8]), 24, 32],
  ["odd sides", 3, axesOf([13, 11]), 28, 24],
  ["no padding", 7, axesOf([9, 10], [0, 0], [0, 0]), 24, 24],
  ["more padding than the window takes", 3, axesOf([8, 9], [3, 2], [2, 4]), 24, 24],
  ["less than a tile's side", 48, axesOf([3, 2]), 24, 24],
  ["more tiles than are added up in f32", 520, axesOf([3, 3]), 16, 20],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, images, axes, channels, filters) => {
    await expectExact(backend, { dtype: "f32", images, axes, channels, filters, groups: 1 });
  });
});

it("is divided by places where tiles are few", async () => {
  const axes = axesOf([14, 14]);
  await expectExact(new WasmBackend({ threads: 2 }), {
    dtype: "f32",
    images: 1,
    axes,
    channels: 32,
    filters: 64,
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

const same: Pair[] = [
  [1, 1],
  [1, 1],
];
const none: Pair[] = [
  [0, 0],
  [0, 0],
];

describe("is left where", () => {
  /** Of the convolution, the gradient of its input and that of its kernel, which are computed in tiles. */
  const tiled = (x: number[], filters: number, padding: Pair[]): Convolution[] => {
    const f32 = (shape: number[]) => ({ shape, dtype: "f32" }) as const;
    const all = (x: Tensor, kernel: Tensor): Tensor[] => [
      grad((x: Tensor) => sum(square(conv(x, kernel, { padding }))))(x),
      grad((kernel: Tensor) => sum(square(conv(x, kernel, { padding }))))(kernel),
    ];
    const { nodes } = optimize(record(all, f32(x), f32([3, 3, x.at(-1)!, filters])).program);
    const names: Convolution[] = ["conv", "convInputGradient", "convKernelGradient"];
    return names.filter((name) => inTiles(name, geometryOf(nodes.find((node) => node.primitive === name) as never)));
  };
  const every = ["conv", "convInputGradient", "convKernelGradient"];
  it.each<readonly [name: string, x: number[], filters: number, padding: Pair[], expected: string[]]>([
    ["nothing speaks against it: 96 tiles", [96, 2, 2, 16], 16, same, every],
    ["tiles do not repay the transform of the kernel's gradient", [95, 2, 2, 16], 16, same, every.slice(0, 2)],
    ["tiles do not repay the transform of the kernel", [47, 2, 2, 16], 16, same, []],
    ["half of every tile is empty", [500, 1, 9, 16], 16, same, []],
    ["three quarters of every tile are empty", [500, 1, 1, 16], 16, same, []],
    ["there are few outputs for the inputs", [100, 4, 4, 16], 16, none, ["conv", "convKernelGradient"]],
    ["weights do not meet the image", [100, 4, 2, 16], 16, [same[0]!, [0, 3]], []],
    ["channels are few", [96, 2, 2, 12], 16, same, []],
    ["channels do not fill vectors", [96, 2, 2, 18], 16, same, []],
    ["the transformed kernel is large", [96, 2, 2, 260], 256, same, []],
  ])("%s", (_name, x, filters, padding, expected) => {
    expect(tiled(x, filters, padding)).toEqual(expected);
  });
});

it.each([Number.POSITIVE_INFINITY, Number.NaN])(
  "an input of %d reaches the outputs whose windows have it, and no others",
  async (value) => {
    const x = wholeNumbers([12, 5, 6, 16], 1);
    for (let image = 0; image < 12; image++)
      (x.data as Float32Array)[(image * 30 + ((7 * image) % 30)) * 16 + image] = value;
    const kernel = wholeNumbers([3, 3, 16, 16], 2);
    const { program } = record(
      (x: Tensor, kernel: Tensor) => [
        conv(x, kernel, { padding: same }),
        convTranspose(x, kernel, [5, 6], { padding: same }),
      ],
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
