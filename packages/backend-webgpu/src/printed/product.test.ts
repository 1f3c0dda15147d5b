// Products in tiles: sizes that tiles do not divide, every layout, sums in parts; whole numbers, which f32 has exactly. Equal terms, whose
// errors add up as fast as they can, stay within the bound; an infinite row or column stays where it belongs.
import type { PrintedBackend } from "@hooke/kernels";
import {
  add,
  array,
  concat,
  conv,
  grad,
  type HostArray,
  interpret,
  less,
  matmul,
  maximum,
  mul,
  optimize,
  record,
  reshape,
  run,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { skipped, status } from "../gpu.fixture.ts";
import { printedBackend } from "./open.fixture.ts";

/** Each program is compiled for a second where a processor stands in for the GPU: all layouts of one size, and one of each other, do otherwise. */
const full = process.env.HOOKE_TESTS === "full";
const layouts = [
  [false, false],
  [true, false],
  [false, true],
] as const;

const fill = (shape: readonly number[], at: (i: number) => number): HostArray =>
  array(
    new Float32Array(shape.reduce((size, axis) => size * axis, 1)).map((_, i) => at(i)),
    { shape },
  );

describe.skipIf(!status.available).each([
  ["of threads that read for themselves", true],
  ["of workgroups that share what they read, as on a GPU", false],
])(`products in tiles %s${skipped}`, (_, onProcessor) => {
  let backend: PrintedBackend;
  beforeAll(async () => {
    backend = await printedBackend({ onProcessor });
  });

  test.each([
    { batch: 1, rows: 8, depth: 4099, columns: 9 },
    { batch: 3, rows: 33, depth: 161, columns: 70 },
    { batch: 1, rows: 131, depth: 150, columns: 129 },
    { batch: 2, rows: 65, depth: 1000, columns: 31 },
    // Enough for the largest tiles of workgroups, and for the next.
    { batch: 128, rows: 127, depth: 18, columns: 64 },
    { batch: 130, rows: 60, depth: 16, columns: 64 },
  ])("$batch times $rows x $depth by $depth x $columns", async ({ batch, rows, depth, columns }) => {
    for (const [transposeA, transposeB] of full || batch === 3 ? layouts : layouts.slice(batch % 3).slice(0, 1)) {
      const a = fill([batch, ...(transposeA ? [depth, rows] : [rows, depth])], (i) => (i % 13) - 6);
      const b = fill([batch, ...(transposeB ? [columns, depth] : [depth, columns])], (i) => (i % 11) - 5);
      const y = await run(backend, (x: Tensor, z: Tensor) => matmul(x, z, { transposeA, transposeB }), a, b);
      const expected = new Float32Array(batch * rows * columns);
      for (let e = 0; e < expected.length; e++) {
        const [n, i, j] = [Math.floor(e / (rows * columns)), Math.floor(e / columns) % rows, e % columns];
        for (let k = 0; k < depth; k++) {
          const left = a.data[n * rows * depth + (transposeA ? k * rows + i : i * depth + k)]!;
          expected[e]! += left * b.data[n * depth * columns + (transposeB ? j * depth + k : k * columns + j)]!;
        }
      }
      expect(y.data).toEqual(expected);
    }
  });

  test.each(full ? [150, 1000, 5000, 70_000] : [70_000])("%i equal terms", async (depth) => {
    const [a, b] = [0.1, 0.7].map(Math.fround) as [number, number];
    const y = await run(
      backend,
      (x: Tensor, z: Tensor) => matmul(x, z),
      fill([33, depth], () => a),
      fill([depth, 34], () => b),
    );
    const error = Math.max(...Array.from(y.data, (value) => Math.abs(value / (a * b * depth) - 1)));
    expect(error).toBeLessThan(2e-6);
  });

  test("Infinity in one row and one column", async () => {
    const a = fill([40, 2000], (i) => (Math.floor(i / 2000) === 39 ? Infinity : 1));
    const b = fill([2000, 40], (i) => (i % 40 === 39 ? -Infinity : 1));
    const y = await run(backend, (x: Tensor, z: Tensor) => matmul(x, z), a, b);
    const expected = fill([40, 40], (i) => (i === 1599 || i % 40 === 39 ? -Infinity : i >= 1560 ? Infinity : 2000));
    expect(y.data).toEqual(expected.data);
  });

  // Biases, gates, rows and parts of other arrays; what is stored of it once, twice, in part; in the place of a parameter; behind sums in parts.
  const numbers = (...shape: number[]): HostArray => sample(shape);
  const kernel = numbers(3, 3, 4, 8);
  test.each<[string, (...x: Tensor[]) => Tensor | readonly Tensor[], HostArray[], (number | null)[]?]>([
    ["bias", (x, w, b) => tanh(add(matmul(x!, w!), b!)), [numbers(33, 40), numbers(40, 36), numbers(36)]],
    ["odd columns", (x, w, b) => tanh(add(matmul(x!, w!), b!)), [numbers(34, 40), numbers(40, 33), numbers(33)]],
    ["a column", (x, w, b) => mul(matmul(x!, w!), b!), [numbers(34, 300), numbers(300, 1), numbers(34, 1)]],
    [
      "both sides of a rectifier",
      (x, w) => {
        const y = reshape(matmul(x!, w!), [2, 20, 36]);
        return [y, maximum(y, 0), less(y, 0)];
      },
      [numbers(40, 36), numbers(36, 36)],
    ],
    ["a part of a row", (x, w) => concat([matmul(x!, w!), x!], 1), [numbers(36, 40), numbers(40, 32)]],
    [
      "an update in its place, of a sum in parts",
      (x, w) => sub(w!, mul(matmul(x!, x!, { transposeA: true }), 0.1)),
      [numbers(1200, 36), numbers(36, 36)],
      [1],
    ],
    ["a convolution", (x, k, b) => maximum(add(conv(x!, k!), b!), 0), [numbers(2, 9, 9, 4), kernel, numbers(8)]],
    [
      "gradients of a convolution",
      (x, k) => {
        const [dx, dk] = grad(([u, v]: readonly [Tensor, Tensor]) => sum(square(conv(u, v))))([x!, k!]);
        return [sub(x!, mul(dx, 0.1)), sub(k!, mul(dk, 0.1))];
      },
      [numbers(2, 9, 9, 4), kernel],
      [0, 1],
    ],
  ])("an epilogue: %s", async (_, fn, inputs, donate = []) => {
    const program = optimize(record(fn as never, ...(inputs as never[])).program);
    const executable = await backend.prepare(program, { donate });
    const found = await Promise.all(
      executable.run(inputs.map((input) => backend.upload(input))).map((buffer) => backend.read(buffer)),
    );
    const expected = interpret(program, inputs);
    for (const [i, each] of found.entries()) {
      expect(difference(each, expected[i]!, { relative: 1e-5, magnitude: "largest or 1" })).toBeUndefined();
    }
  });

  // How threads read for themselves is tried by conformance.
  const convolutions: [string, number[], number[], Parameters<typeof conv>[2]][] = [
    [
      "padded",
      [2, 6, 5, 32],
      [3, 3, 32, 32],
      {
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    [
      "in steps, apart, of odd channels",
      [2, 13, 14, 33],
      [3, 2, 33, 34],
      {
        stride: [2, 2],
        dilation: [2, 2],
        padding: [
          [2, 1],
          [0, 1],
        ],
      },
    ],
    [
      "in groups",
      [1, 7, 7, 64],
      [3, 3, 32, 64],
      {
        groups: 2,
        padding: [
          [1, 1],
          [1, 1],
        ],
      },
    ],
    ["of lines", [2, 20, 32], [3, 32, 32], { padding: [[1, 1]] }],
  ];
  test.skipIf(onProcessor).each(full ? convolutions : convolutions.slice(0, 2))(
    "a convolution and its gradients: %s",
    async (_, shape, kernel, options) => {
      const inputs = [numbers(...shape), numbers(...kernel)];
      const fn = (x: Tensor, k: Tensor) => {
        const [dx, dk] = grad(([u, v]: readonly [Tensor, Tensor]) => sum(square(conv(u, v, options))))([x, k]);
        return [conv(x, k, options), dx, dk];
      };
      const program = optimize(record(fn as never, ...(inputs as never[])).program);
      const executable = await backend.prepare(program);
      const buffers = executable.run(inputs.map((input) => backend.upload(input)));
      const found = await Promise.all(buffers.map((buffer) => backend.read(buffer)));
      const expected = interpret(program, inputs);
      for (const [i, each] of found.entries()) {
        expect(difference(each, expected[i]!, { relative: 1e-5, magnitude: "largest or 1" })).toBeUndefined();
      }
    },
  );
});
