// Whole programs: one launch a kernel, parameters that stay, losses that are read behind the queue, errors with their line.
import { countLaunches, launchesOf, type PrintedBackend, printProgram } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import {
  add,
  array,
  type Buffer,
  broadcastTo,
  concat,
  exp,
  type HostArray,
  interpret,
  less,
  matmul,
  max,
  mul,
  neg,
  optimize,
  type Program,
  pad,
  record,
  run,
  scan,
  select,
  sliceAxis,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { skipped, status } from "../gpu.fixture.ts";
import { openDevice, printedBackend } from "./open.fixture.ts";
import { Pipelines } from "./pipelines.ts";

const launchesIn = (program: Program): number =>
  countLaunches(printProgram({ dialect: wgsl, onProcessor: true }, optimize(program)).steps);
const f32 = (...shape: number[]) => ({ shape, dtype: "f32" }) as const;

describe.skipIf(!status.available)(`printed programs${skipped}`, () => {
  let backend: PrintedBackend;
  beforeAll(async () => {
    backend = await printedBackend();
  });

  test("a chain is one launch, a softmax four", () => {
    const chain = (x: Tensor) => select(less(x, 0), mul(tanh(x), x), exp(x));
    expect(launchesIn(record(chain, f32(100)).program)).toBe(1);
    const softmax = (x: Tensor) => {
      const shifted = exp(sub(x, max(x, { axes: 1, keepDims: true })));
      return mul(shifted, sum(shifted, { axes: 1, keepDims: true }));
    };
    expect(launchesIn(record(softmax, f32(8, 20)).program)).toBeLessThanOrEqual(4);
  });

  test("the text of a kernel says nothing of where its arrays lie", () => {
    const twice = (x: Tensor, w: Tensor) => matmul(matmul(x, w), w);
    const { program } = record(twice, f32(8, 8), f32(8, 8));
    const { steps } = printProgram({ dialect: wgsl, onProcessor: true }, optimize(program));
    const [first, last] = launchesOf(steps);
    expect(first!.code).toBe(last!.code);
    expect(first!.pointers).not.toEqual(last!.pointers);
  });

  test.each<[string, (...x: Tensor[]) => Tensor | readonly Tensor[], boolean]>([
    [
      "rows and columns repeat",
      (x, row, column) => add(mul(x!, broadcastTo(row!, [96, 64])), broadcastTo(column!, [96, 64])),
      true,
    ],
    ["whether and what", (x, row) => [less(x!, broadcastTo(row!, [96, 64])), select(less(x!, 0), x!, 1)], true],
    [
      "a part of each row, from a multiple of four on",
      (x) => neg(sliceAxis(broadcastTo(x!, [2, 96, 64]), 2, 8, 60)),
      true,
    ],
    ["a part of each row, from elsewhere on", (x) => neg(sliceAxis(broadcastTo(x!, [2, 96, 64]), 2, 9, 61)), false],
    ["columns as rows", (x) => neg(transpose(x!)), false],
    ["side by side", (x) => concat([neg(x!), mul(x!, 2)], 1), true],
    ["padded: only what is around", (x) => pad(mul(x!, 2), [0, 3], [0, 0]), true],
  ])("a thread computes four elements, if they lie so: %s", async (_, fn, inFours) => {
    const numbers = (shape: readonly number[]): HostArray => sample([...shape]);
    const inputs = [numbers([96, 64]), numbers([64]), numbers([96, 1])];
    const program = optimize(record(fn as never, ...(inputs as never[])).program);
    const { steps } = printProgram({ dialect: wgsl, onProcessor: true }, program);
    expect(launchesOf(steps).some(({ code }) => code.includes("array<vec4<u32>>"))).toBe(inFours);
    const executable = await backend.prepare(program);
    const buffers = inputs.map((input) => backend.upload(input));
    const found = await Promise.all(executable.run(buffers).map((buffer) => backend.read(buffer)));
    const expected = interpret(program, inputs);
    for (const [i, each] of found.entries()) expect(difference(each, expected[i]!, { relative: 1e-6 })).toBeUndefined();
  });

  test("a loop goes on without the host, and in both directions", async () => {
    const steps = array(Float32Array.from({ length: 5 }, (_, i) => i + 1));
    const powers = (x: Tensor, reverse: boolean) =>
      scan((carry: Tensor, step: Tensor) => [add(mul(carry, 2), step), carry] as const, 0, x, { reverse })[1];
    const { data } = await run(backend, (x: Tensor) => powers(x, false), steps);
    expect([...data]).toEqual([0, 1, 4, 11, 26]);
    const backwards = await run(backend, (x: Tensor) => powers(x, true), steps);
    // From the end: 0, 2 * 0 + 5 = 5, 2 * 5 + 4 = 14, 2 * 14 + 3 = 31, 2 * 31 + 2 = 64.
    expect([...backwards.data]).toEqual([64, 31, 14, 5, 0]);
  });

  test("reads do not stop the queue, and yield what was there when they were asked for", async () => {
    const { program } = record((x: Tensor) => mul(x, 2), f32(4));
    const executable = await backend.prepare(program, { donate: [0] });
    const x = backend.upload(array([1, 2, 3, 4]));
    const reads: Promise<{ data: ArrayLike<number> }>[] = [];
    for (let i = 0; i < 3; i++) {
      const [y] = executable.run([x]) as [Buffer];
      expect(y).toBe(x);
      reads.push(backend.read(y));
    }
    expect((await Promise.all(reads)).map(({ data }) => data[0])).toEqual([2, 4, 8]);
    backend.free(x);
    executable.free();
  });

  test("memory grows around what is there, and is given back", async () => {
    const before = backend.liveArrays;
    const small = backend.upload(array([1, 2, 3]));
    const large = backend.upload({ shape: [2 ** 21], dtype: "f32", data: new Float32Array(2 ** 21).fill(7) });
    expect((await backend.read(small)).data).toEqual(Float32Array.of(1, 2, 3));
    expect((await backend.read(large)).data.at(-1)).toBe(7);
    backend.free(small);
    backend.free(large);
    expect(backend.liveArrays).toBe(before);
  });

  test("what the device binds no buffer for is refused, and all goes on", async () => {
    // Each array fits, two do not.
    const bytes = status.available ? status.memory!.bytes : 0;
    const side = Math.floor(Math.sqrt(bytes / 4 / 1.5));
    const { program } = record((x: Tensor) => tanh(matmul(matmul(x, x), x)), f32(side, side));
    await expect(backend.prepare(program)).rejects.toMatchObject({
      code: "out-of-memory",
      message: expect.stringMatching(/^backend webgpu: dot needs \d+ MiB .* this device binds at most/),
    });
    expect([...(await run(backend, (x: Tensor) => add(x, 1), array([1]))).data]).toEqual([2]);
  });

  test("what 32 bits do not count is refused", () => {
    const many = (x: Tensor) => sum(tanh(broadcastTo(x, [2 ** 17, 2 ** 15])));
    expect(() => launchesIn(record(many, f32(1)).program)).toThrow(/sum of .* counts to 4294967296, beyond 32 bits/);
  });

  test("a kernel that does not compile is named, with its line", async () => {
    const launch = {
      label: "tanh @ 0",
      code: "fn main() {\n  let x = ;\n}",
      pointers: [],
      groups: [1, 1],
      threads: 64,
      levels: 0,
      iterations: 0,
    } as const;
    await expect(new Pipelines(await openDevice()).of([launch])).rejects.toThrow(
      /^backend webgpu: the kernel "tanh @ 0" does not compile: line 2, "let x = ;": /,
    );
  });
});
