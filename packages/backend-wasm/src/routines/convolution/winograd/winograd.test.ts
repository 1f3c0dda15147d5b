// Convolutions in tiles, and their gradients: of small whole numbers they are exact, whole or in pieces.
import {
  array,
  conv,
  grad,
  type HostArray,
  interpret,
  mul,
  optimize,
  record,
  sizeOf,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { WasmBackend } from "../../../backend.ts";

type Pair = [number, number];

const wholeNumbers = (shape: readonly number[], seed: number): HostArray => {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 29) - 3;
  };
  return array(Float32Array.from({ length: sizeOf(shape) }, next), { shape: [...shape] });
};

const backends = { whole: new WasmBackend({ threads: 1 }, 1e12), divided: new WasmBackend({ threads: 2 }, 1e-3) };

const cases: readonly (readonly [name: string, x: number[], filters: number, padding: Pair[]])[] = [
  [
    "whole tiles",
    [6, 8, 8, 24],
    32,
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    "odd sides",
    [3, 13, 11, 28],
    24,
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    "no padding",
    [7, 9, 10, 24],
    24,
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    "more padding than the window takes",
    [3, 8, 9, 24],
    24,
    [
      [3, 2],
      [2, 4],
    ],
  ],
  [
    "less than a tile's side",
    [48, 3, 2, 24],
    24,
    [
      [1, 1],
      [1, 1],
    ],
  ],
  [
    "more tiles than are added up in f32",
    [2100, 1, 1, 16],
    20,
    [
      [1, 1],
      [1, 1],
    ],
  ],
];

describe.each(Object.entries(backends))("%s", (_, backend) => {
  it.each(cases)("%s", async (_name, shape, filters, padding) => {
    const kernelShape = [3, 3, shape.at(-1)!, filters];
    const value = (x: Tensor, kernel: Tensor): Tensor => conv(x, kernel, { padding });
    const x = wholeNumbers(shape, 1);
    const kernel = wholeNumbers(kernelShape, 2);
    const [down, across] = [1, 2].map((axis) => shape[axis]! + padding[axis - 1]![0] + padding[axis - 1]![1] - 2);
    const ct = wholeNumbers([shape[0]!, down!, across!, filters], 3);
    const all = (x: Tensor, kernel: Tensor, ct: Tensor): Tensor[] => [
      value(x, kernel),
      grad((x: Tensor) => sum(mul(value(x, kernel), ct)))(x),
      grad((kernel: Tensor) => sum(mul(value(x, kernel), ct)))(kernel),
    ];
    const program = optimize(record(all, x, kernel, ct).program);
    const executable = await backend.prepare(program);
    const inputs = [x, kernel, ct].map((input) => backend.upload(input));
    const outputs = executable.run(inputs);
    const expected = interpret(program, [x, kernel, ct]);
    for (const [i, output] of outputs.entries()) {
      const actual = await backend.read(output);
      expect(actual.data).toEqual(expected[i]!.data);
    }
    for (const buffer of [...inputs, ...outputs]) backend.free(buffer);
    executable.free();
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
