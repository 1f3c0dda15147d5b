// Sums of f32 in the shapes that take other ways than short ones: against the reference interpreter, which adds in f64.
import {
  array,
  conv,
  convTranspose,
  cumsum,
  full,
  grad,
  type HostArray,
  interpret,
  iota,
  maxPool,
  mul,
  record,
  scan,
  scatterAdd,
  sum,
  sumPool,
  type Tensor,
} from "@hooke/runtime";
import { expect, it } from "vitest";
import { wasmBackend } from "./backend.ts";

const backend = wasmBackend();

/** Between 1 and 2, so that nothing cancels. */
function sample(...shape: number[]): HostArray {
  let state = 7;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 1 + state / 2 ** 32;
  };
  return array(Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next), { shape });
}

type Fn = (...tensors: Tensor[]) => Tensor;

/** The result on the backend. */
async function run(
  fn: Fn,
  inputs: readonly HostArray[],
): Promise<{ readonly actual: HostArray; readonly truth: () => HostArray }> {
  const { program } = record(fn as never, ...(inputs as never[])) as ReturnType<typeof record>;
  const executable = await backend.prepare(program);
  const buffers = inputs.map((input) => backend.upload(input));
  const [output] = executable.run(buffers);
  const actual = await backend.read(output!);
  for (const buffer of [...buffers, output!]) backend.free(buffer);
  executable.free();
  return { actual, truth: () => interpret(program, inputs)[0]! };
}

const same: [number, number][] = [
  [1, 1],
  [1, 1],
];

const kernelGradient =
  (groups: number): Fn =>
  (x, y, kernel) =>
    grad((k: Tensor) => sum(mul(conv(x!, k, { groups }), y!)))(kernel!);

const cases: readonly (readonly [name: string, fn: Fn, inputs: readonly HostArray[]])[] = [
  ["many rows of 37 channels", (x) => sum(x!, { axes: 0 }), [sample(3001, 37)]],
  ["many rows of three channels of two axes", (x) => sum(x!, { axes: [0, 2] }), [sample(40, 3, 17, 5)]],
  ["a long odd row", (x) => sum(x!, { axes: 1 }), [sample(3, 1031)]],
  ["short rows, many at a time", (x) => sum(x!, { axes: [1, 3] }), [sample(2, 50, 3, 5)]],
  ["rows and their squares", (x) => sum(mul(x!, x!), { axes: 1 }), [sample(5, 777)]],
  [
    "a kernel over blocks of one image",
    kernelGradient(1),
    [sample(1, 70, 70, 9), sample(1, 68, 68, 4), sample(3, 3, 9, 4)],
  ],
  [
    "a kernel in groups over a large image",
    kernelGradient(2),
    [sample(2, 70, 70, 4), sample(2, 68, 68, 6), sample(3, 3, 2, 6)],
  ],
  [
    "a kernel over many small images",
    kernelGradient(1),
    [sample(1100, 3, 3, 3), sample(1100, 2, 2, 2), sample(2, 2, 3, 2)],
  ],
  [
    "a kernel over several images at once, and the rest",
    kernelGradient(1),
    [sample(600, 2, 2, 512), sample(600, 2, 2, 2), sample(1, 1, 512, 2)],
  ],
  [
    "long patches of several images at once, and the rest",
    (x, kernel) => conv(x!, kernel!, { padding: same }),
    [sample(17, 2, 2, 512), sample(3, 3, 512, 3)],
  ],
  [
    "long patches in groups, added back to several images at once, and the rest",
    (x, y, kernel) => grad((image: Tensor) => sum(mul(conv(image, kernel!, { padding: same, groups: 2 }), y!)))(x!),
    [sample(17, 2, 2, 1024), sample(17, 2, 2, 4), sample(3, 3, 512, 4)],
  ],
  [
    "a kernel in groups over many small images",
    kernelGradient(3),
    [sample(1100, 3, 3, 3), sample(1100, 2, 2, 3), sample(2, 2, 1, 3)],
  ],
  ["a kernel of one pixel", kernelGradient(1), [sample(2, 50, 50, 3), sample(2, 50, 50, 2), sample(1, 1, 3, 2)]],
  [
    "windows that overlap in an image",
    (y, kernel) => convTranspose(y!, kernel!, [20, 23]),
    [sample(2, 12, 15, 3), sample(9, 9, 5, 3)],
  ],
  [
    "windows that overlap in an image, in groups and dilated",
    (y, kernel) => convTranspose(y!, kernel!, [24, 24], { groups: 2, dilation: [2, 2], stride: [2, 2] }),
    [sample(1, 4, 4, 4), sample(9, 9, 3, 4)],
  ],
  [
    "the gradient of overlapping maxima",
    (x, y) => grad((t: Tensor) => sum(mul(maxPool(t, { window: [8, 8], stride: [1, 1] }), y!)))(x!),
    [sample(2, 15, 15, 5), sample(2, 8, 8, 5)],
  ],
  [
    "the gradient of overlapping sums",
    (x, y) => grad((t: Tensor) => sum(mul(sumPool(t, { window: [8, 8], stride: [1, 1] }), y!)))(x!),
    [sample(2, 15, 15, 3), sample(2, 8, 8, 3)],
  ],
  [
    "large windows with padding",
    (x) =>
      sumPool(x!, {
        window: [7, 9],
        stride: [3, 2],
        padding: [
          [3, 3],
          [4, 4],
        ],
      }),
    [sample(2, 21, 20, 3)],
  ],
  ["running sums of more columns than one strip", (x) => cumsum(x!, 1), [sample(2, 40, 1027)]],
  [
    "running sums of more columns than one strip, in reverse",
    (x) => cumsum(x!, 1, { reverse: true }),
    [sample(2, 40, 1027)],
  ],
  ["running sums of single numbers, in reverse", (x) => cumsum(x!, 1, { reverse: true }), [sample(3, 500)]],
  [
    "updates of more rows than totals hold at a time",
    (indices, x) => scatterAdd(indices!, x!, 1, 300),
    [array(Int32Array.from({ length: 40 }, (_, i) => [0, 299, 255, 256, -1, 300][i % 6]!)), sample(1, 40, 20_000)],
  ],
  [
    "updates in two blocks",
    (indices, x) => scatterAdd(indices!, x!, 1, 3),
    [array(Int32Array.from({ length: 50 }, (_, i) => i % 4)), sample(2, 50, 3)],
  ],
];

it.each(cases)("%s", async (_, fn, inputs) => {
  const { actual, truth } = await run(fn, inputs);
  const expected = truth();
  expect(actual.shape).toEqual(expected.shape);
  let worst = 0;
  for (const [i, value] of expected.data.entries())
    worst = Math.max(worst, Math.abs(actual.data[i]! - value) / (value || 1));
  expect(worst).toBeLessThan(2e-6);
});

it("the gradient of what every step of a long loop reads", async () => {
  const steps = 200_000;
  const loop = (w: Tensor): Tensor =>
    scan((state: Tensor) => [state, mul(w, 0.1)] as const, full([2], 0), [], { length: steps })[1];
  const { actual } = await run((w) => grad((v: Tensor) => sum(loop(v)))(w!), [array([1, 2])]);
  for (const value of actual.data) expect(Math.abs(value / (steps * Math.fround(0.1)) - 1)).toBeLessThan(2e-6);
});

it("sums more elements than 32 bits count as bytes", async () => {
  const count = 2 ** 30 + 67;
  const { actual } = await run(() => sum(full([count], 1, "i32")), []);
  expect(actual.data[0]).toBe(count);
  const columns = await run(() => sum(full([2 ** 22, 2, 129], 1, "i32"), { axes: [0, 2] }), []);
  expect(columns.actual.data).toEqual(Int32Array.of(129 * 2 ** 22, 129 * 2 ** 22));
});

it.each([
  ["a count beyond i32", "unsupported", () => sum(iota([2 ** 31 + 1]))],
  ["a count beyond memory", "out-of-memory", () => sum(iota([2 ** 30], 0, "f32"))],
  [
    "a window beyond 32 bits",
    "unsupported",
    () => sumPool(full([1, 4, 1], 1), { window: [2 ** 31], padding: [[2 ** 31, 0]] }),
  ],
] as const)("refuses %s by name", async (_, code, fn) => {
  await expect((async () => run(fn, []))()).rejects.toMatchObject({ name: "HookeError", code });
});
