// Sums have the same bits in every run: none is added up by atomics, which come in any order. Nor do they drift.
import {
  array,
  broadcastTo,
  conv,
  gather,
  grad,
  type HostArray,
  interpret,
  matmul,
  mul,
  record,
  run,
  scatterAdd,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "../backend.ts";
import { skipped, status } from "../gpu.fixture.ts";

const indices = (count: number, size: number): HostArray =>
  sample([count], "i32", { low: -2, high: size + 1, seed: 3 });

describe.skipIf(!status.available)(`sums on WebGPU${skipped}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = await webgpuBackend();
  });
  afterAll(() => backend.close());

  test.each<[string, (...x: Tensor[]) => Tensor, readonly HostArray[]]>([
    ["a long product", (a, b) => matmul(a!, b!), [sample([33, 3001]), sample([3001, 33], "f32", { seed: 2 })]],
    [
      "the gradient of a dense layer's weights over a large batch",
      (a, b) => matmul(a!, b!, { transposeA: true }),
      [sample([4099, 40]), sample([4099, 36], "f32", { seed: 2 })],
    ],
    [
      "a long product, transposed twice",
      (a, b) => matmul(a!, b!, { transposeA: true, transposeB: true }),
      [sample([2049, 40]), sample([40, 2049], "f32", { seed: 2 })],
    ],
    [
      "a convolution of one image with many channels",
      (x, k) =>
        conv(x!, k!, {
          padding: [
            [1, 1],
            [1, 1],
          ],
        }),
      [sample([1, 6, 7, 240]), sample([3, 3, 240, 20], "f32", { seed: 2 })],
    ],
    [
      "a convolution as large as its images",
      (x, k) => conv(x!, k!),
      [sample([20, 8, 8, 40]), sample([8, 8, 40, 20], "f32", { seed: 2 })],
    ],
    ["updates scattered", (x, i) => scatterAdd(i!, x!, 0, 50), [sample([700, 5]), indices(700, 50)]],
  ])("%s", async (_, fn, inputs) => {
    const program = record(fn as never, ...(inputs as never[])).program;
    const [truth] = interpret(program, inputs) as [HostArray];
    const executable = await backend.prepare(program);
    const buffers = inputs.map((input) => backend.upload(input));
    const results: HostArray[] = [];
    for (let i = 0; i < 8; i++) {
      const [output] = executable.run(buffers);
      results.push(await backend.read(output!));
      backend.free(output!);
    }
    expect(difference(results[0]!, truth, { relative: 1e-5, magnitude: "largest" })).toBeUndefined();
    for (const result of results) expect(difference(result, results[0]!)).toBeUndefined();
    for (const buffer of buffers) backend.free(buffer);
    executable.free();
  });

  test.each([1, 64, 65, 128, 1000].flatMap((count) => [9, 50].map((rows) => [count, rows] as const)))(
    "%i updates find their rows, of %i",
    async (count, rows) => {
      // Whole numbers: f32 has their sums exactly, in whatever order.
      const updates = array(
        Float32Array.from({ length: 3 * count }, (_, i) => ((i * 7) % 31) - 15),
        {
          shape: [count, 3],
        },
      );
      const at = indices(count, rows);
      const width = 3;
      const expected = new Float32Array(rows * width);
      for (const [i, row] of at.data.entries()) {
        if (row < 0 || row >= rows) continue;
        for (let c = 0; c < width; c++) expected[row * width + c]! += updates.data[i * width + c]!;
      }
      const result = await run(backend, (x: Tensor) => scatterAdd(at, x, 0, rows), updates);
      expect(difference(result, array(expected, { shape: [rows, width] }))).toBeUndefined();
    },
  );

  test("many updates of many rows do not drift", async () => {
    const [count, rows] = [200_000, 40];
    const at = array(Int32Array.from({ length: count }, (_, i) => (i * 7) % rows));
    const tenth = Math.fround(0.1);
    const { data } = await run(
      backend,
      (x: Tensor) => scatterAdd(at, broadcastTo(x, [count, 2]), 0, rows),
      array(tenth),
    );
    const truth = (count / rows) * tenth;
    expect(Math.max(...Array.from(data, (value) => Math.abs(value / truth - 1)))).toBeLessThan(1e-6);
  });

  test("the gradient of a large look-up takes no longer than a moment", async () => {
    const [rows, width, count] = [5000, 32, 4000];
    const at = array(Int32Array.from({ length: count }, (_, i) => (i * 7) % rows));
    const slope = (table: Tensor): Tensor => grad((x: Tensor) => sum(mul(gather(x, at, 0), 2)))(table);
    const table = sample([rows, width]);
    await run(backend, slope, table);
    const start = performance.now();
    const { data } = await run(backend, slope, table);
    // Looking through all updates for each element took 14 s on two cores, this way 0.2 s.
    expect(performance.now() - start).toBeLessThan(5000);
    expect((data as Float32Array).reduce((total, value) => total + value, 0)).toBe(2 * count * width);
  });
});
