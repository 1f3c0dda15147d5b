// Reductions as on a GPU, by workgroups whose threads put their results together: rows, columns, middles, parts, and what is computed on the way.
import { launchesOf, type PrintedBackend, printProgram } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import {
  array,
  broadcastTo,
  type HostArray,
  interpret,
  matmul,
  max,
  min,
  mul,
  optimize,
  record,
  run,
  sum,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { beforeAll, describe, expect, test } from "vitest";
import { skipped, status } from "../gpu.fixture.ts";
import { printedBackend } from "./open.fixture.ts";

const programOf = (fn: (...x: Tensor[]) => Tensor, inputs: readonly HostArray[]) =>
  optimize(record(fn as never, ...(inputs as never[])).program);

describe.skipIf(!status.available)(`reductions by workgroups${skipped}`, () => {
  let backend: PrintedBackend;
  beforeAll(async () => {
    backend = await printedBackend({ onProcessor: false });
  });

  test.each<[string, (...x: Tensor[]) => Tensor, readonly HostArray[]]>([
    ["few numbers", (x) => sum(x!), [sample([64])]],
    ["a number of numbers that no power of two divides", (x) => sum(x!), [sample([4099])]],
    ["in parts", (x) => sum(x!), [sample([70_001])]],
    ["rows", (x) => sum(mul(x!, x!), { axes: 1 }), [sample([37, 130])]],
    ["columns", (x) => sum(tanh(x!), { axes: 0 }), [sample([333, 37])]],
    ["columns in parts", (x) => sum(x!, { axes: 0 }), [sample([5001, 18])]],
    ["few columns", (x) => sum(x!, { axes: 0 }), [sample([801, 3])]],
    ["a middle axis", (x) => sum(x!, { axes: 1 }), [sample([3, 200, 17])]],
    ["all but the channels", (x) => sum(x!, { axes: [0, 1, 2] }), [sample([4, 9, 11, 20])]],
    ["the largest of rows", (x) => max(x!, { axes: 1 }), [sample([5, 300])]],
    ["the least of columns", (x) => min(x!, { axes: 0 }), [sample([300, 21])]],
    ["a product in parts that goes on", (x, y) => tanh(matmul(x!, y!)), [sample([3, 20_000]), sample([20_000, 5])]],
  ])("%s", async (_, fn, inputs) => {
    const program = programOf(fn, inputs);
    const { steps } = printProgram({ dialect: wgsl, onProcessor: false }, program);
    expect(launchesOf(steps).some(({ code }) => code.includes("workgroupBarrier();"))).toBe(true);
    const [truth] = interpret(program, inputs) as [HostArray];
    const executable = await backend.prepare(program);
    const buffers = inputs.map((input) => backend.upload(input));
    const results = [0, 1, 2].map(() => backend.read(executable.run(buffers)[0]!));
    const [first, ...others] = await Promise.all(results);
    expect(difference(first!, truth, { relative: 2e-6, magnitude: "largest" })).toBeUndefined();
    for (const other of others) expect(difference(other, first!)).toBeUndefined();
  });

  test("equal terms, whose errors add up, stay within the bound", async () => {
    const tenth = Math.fround(0.1);
    for (const count of [64, 4096, 100_003]) {
      const total = await run(backend, (x: Tensor) => sum(broadcastTo(x, [count])), array(tenth));
      expect(Math.abs(total.data[0]! / (count * tenth) - 1)).toBeLessThan(2e-6);
    }
  });

  test("what is no number is the largest and the least, wherever it is", async () => {
    const values = sample([3, 500]);
    values.data[700] = Number.NaN;
    for (const reduce of [max, min]) {
      const { data } = await run(backend, (x: Tensor) => reduce(x, { axes: 1 }), values);
      expect([...data].map(Number.isNaN)).toEqual([false, true, false]);
    }
  });
});
