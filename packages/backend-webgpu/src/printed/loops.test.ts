// Drivers that end loops: what may take more steps is refused, and what a kernel says it takes is enough for it.
import { launchesOf, PrintedBackend, printProgram } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import {
  add,
  argMax,
  array,
  cholesky,
  conv,
  grad,
  type HostArray,
  interpret,
  matmul,
  max,
  maxPool,
  mul,
  optimize,
  record,
  reshape,
  run,
  scatterAdd,
  sum,
  sumPool,
  type Tensor,
  triangularSolve,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { describe, expect, test } from "vitest";
import { Faults } from "../faults.ts";
import { skipped, status } from "../gpu.fixture.ts";
import { GpuMachine } from "./machine.ts";
import { openDevice, printedBackend } from "./open.fixture.ts";

const second = (shape: readonly number[]): HostArray => sample(shape, "f32", { seed: 2 });
const rowOf = (count: number, at: (i: number) => number): HostArray =>
  array(Int32Array.from({ length: count }, (_, i) => at(i)));

/** Positive definite. */
const symmetric = (n: number): HostArray =>
  array(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? n : 1 / (1 + (i % n) + Math.floor(i / n)))),
    { shape: [n, n] },
  );

const programs: readonly [string, (...x: Tensor[]) => Tensor, readonly HostArray[]][] = [
  ["a sum", (x) => sum(x!), [sample([90_000])]],
  ["a maximum", (x) => max(x!, { axes: 0 }), [sample([3000, 3])]],
  ["the place of a maximum", (x) => argMax(x!, 0), [sample([3000, 3])]],
  ["a product of few", (x, y) => matmul(x!, y!), [sample([3, 5000]), second([5000, 5])]],
  ["a product of many", (x, y) => matmul(x!, y!), [sample([40, 1000]), second([1000, 48])]],
  ["a window", (x) => sumPool(x!, { window: [50, 40], stride: [1, 1] }), [sample([1, 60, 50, 1])]],
  [
    "the gradient of one",
    (x) => grad((t: Tensor) => sum(maxPool(t, { window: [900], stride: [1] })))(x!),
    [sample([1, 1000, 2])],
  ],
  ["a convolution", (x, k) => conv(x!, k!), [sample([2, 30, 40, 3]), second([20, 25, 3, 2])]],
  [
    "the gradients of one",
    (x, k) => {
      const [dx, dk] = grad(([a, b]: readonly [Tensor, Tensor]) => sum(mul(conv(a, b), conv(a, b))))([x!, k!]);
      return add(sum(dx), reshape(dk, [-1]));
    },
    [sample([2, 30, 40, 3]), second([20, 25, 3, 2])],
  ],
  [
    "updates of one row of many",
    (x) =>
      scatterAdd(
        rowOf(5000, (i) => (i < 4900 ? 7 : i % 40)),
        x!,
        0,
        40,
      ),
    [sample([5000, 2])],
  ],
  [
    "updates of few rows",
    (x) =>
      scatterAdd(
        rowOf(5000, (i) => i % 3),
        x!,
        0,
        3,
      ),
    [sample([5000, 2])],
  ],
  ["a factor", (a) => cholesky(a!), [symmetric(150)]],
  ["a system", (a, b) => triangularSolve(a!, b!), [symmetric(150), second([150, 2])]],
];

/** Where the block ends that begins behind a place. */
function endOf(code: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; depth > 0; at++) depth += code[at] === "{" ? 1 : code[at] === "}" ? -1 : 0;
  return at;
}

/** A kernel whose loops end after so many iterations of a thread, as llvmpipe ends them; those in which threads wait are counted alone. */
function endingAfter(most: number, code: string): string {
  const counted = code.replaceAll(/(?:for|while) \(.*\) \{/g, (head, at: number) => {
    const from = at + head.length;
    const waits = code.slice(from, endOf(code, from)).includes("Barrier();");
    return `${head} taken++; ${waits ? "" : `if (taken > ${most}u) { break; }`}`;
  });
  return `var<private> taken : u32;\n${counted}`;
}

describe.skipIf(!status.available)(`loops that a driver ends${skipped}`, () => {
  test.each(programs.flatMap((each) => [true, false].map((onProcessor) => [each[0], onProcessor, each] as const)))(
    "%s takes no more iterations than its kernels say; on a processor: %s",
    async (_, onProcessor, [, fn, inputs]) => {
      const program = optimize(record(fn as never, ...(inputs as never[])).program);
      const known = new Map<string, number>();
      for (const launch of launchesOf(printProgram({ dialect: wgsl, onProcessor }, program).steps)) {
        known.set(launch.code, launch.iterations);
      }
      const device = await openDevice();
      const traits = { onProcessor, mostIterations: Number.POSITIVE_INFINITY };
      const backend = new PrintedBackend("webgpu", new GpuMachine(device, new Faults(device, "Open another"), traits));
      const { createShaderModule } = device;
      device.createShaderModule = ({ code, ...rest }) => {
        // Searches, and lists that are ordered at once, have loops that no shape lengthens.
        const most = known.get(code)!;
        return createShaderModule.call(device, { ...rest, code: most === 0 ? code : endingAfter(most, code) });
      };
      const executable = await backend.prepare(program);
      const [result] = executable.run(inputs.map((input) => backend.upload(input)));
      const [truth] = interpret(program, inputs) as [HostArray];
      expect(difference(await backend.read(result!), truth, { relative: 1e-4, magnitude: "largest" })).toBeUndefined();
      device.destroy();
    },
  );

  test("what may take more is refused with its kernel and a cure, and the rest runs", async () => {
    const backend = await printedBackend({ mostIterations: 3000, onProcessor: true });
    const pooled = (x: Tensor): Tensor => sumPool(x, { window: [2500], stride: [1] });
    await expect(run(backend, pooled, sample([1, 3000, 1]))).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringMatching(/^backend webgpu: sumPool takes up to 2500 iterations in a thread, .* wasm\.$/),
    });
    expect((await run(backend, (x: Tensor) => sum(x), array([1, 2]))).data[0]).toBe(3);
  });
});
