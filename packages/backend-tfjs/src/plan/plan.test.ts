// What plans consist of: which kernels are called, with which shapes, and what stays on the host.
import {
  add,
  broadcastTo,
  cumsum,
  fold,
  grad,
  type HostArray,
  interpret,
  less,
  matmul,
  maxPool,
  mul,
  type Program,
  pad,
  randomKey,
  record,
  reverse,
  run,
  select,
  square,
  sum,
  sumPool,
  type Tensor,
  transpose,
  uniform,
} from "@hooke/runtime";
import { difference, sample } from "@hooke/testkit";
import { describe, expect, it } from "vitest";
import { type Engine, engineBackend } from "../engine.fixture.ts";
import type { KernelCall } from "./step.ts";

/** The kernel calls of a program; its results are compared with the reference. */
async function callsOf(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly HostArray[],
  engine: Engine = "cpu",
): Promise<KernelCall[]> {
  const calls: KernelCall[] = [];
  const backend = await engineBackend(engine, { checkCall: (call) => void calls.push(call) });
  const { program } = record(fn as never, ...(inputs as never[])) as { program: Program };
  const actual = (await run(backend, fn as never, ...(inputs as never[]))) as unknown as HostArray;
  const [truth] = interpret(program, inputs) as [HostArray];
  expect(difference(actual, truth, { relative: 1e-5, magnitude: "largest" })).toBeUndefined();
  return calls;
}

const names = (calls: readonly KernelCall[]): string[] => calls.map(({ kernel }) => kernel);

describe("kernel calls", () => {
  it("repeat nothing that a kernel repeats itself", async () => {
    const calls = await callsOf((x, b) => mul(add(x, b), 2), [sample([5, 7]), sample([7])]);
    expect(names(calls)).toEqual(["Add", "Multiply"]);
  });

  it("repeat what other kernels read", async () => {
    const calls = await callsOf((b) => sum(square(broadcastTo(b, [3, 4])), { axes: 1 }), [sample([4])]);
    expect(names(calls)).toEqual(["Multiply", "Tile", "Sum"]);
  });

  it("take no time for reshapes and empty arrays", async () => {
    const calls = await callsOf((x) => add(matmul(x, transpose(x)), 1), [sample([0, 3])]);
    expect(calls).toEqual([]);
  });

  it("are not made for random bits", async () => {
    const calls = await callsOf((key) => uniform(fold(key, "mask"), [33]), [randomKey(7)]);
    expect(names(calls)).toEqual(["Multiply"]);
  });
});

describe("kernels of tfjs that are wrong are not called", () => {
  const six = [2, 1, 3, 2, 2, 3] as const;
  const axes = [5, 3, 1, 0, 4, 2];
  it.each<[string, (x: Tensor, y: Tensor) => Tensor]>([
    ["broadcast", (x, y) => mul(x, sum(y, { axes: [0, 2, 4], keepDims: true }))],
    ["transpose", (x) => transpose(x, axes)],
    ["pad", (x) => pad(x, [1, 0, 1, 0, 1, 0], [0, 2, 0, 2, 0, 2])],
    ["select", (x, y) => select(less(x, y), x, y)],
    ["reverse", (x) => reverse(x, [0, 2, 5])],
    ["repeated on every other axis", (x) => add(broadcastTo(sum(x, { axes: [0, 2, 4], keepDims: true }), [...six]), x)],
  ])("WebGPU at ranks 5 and 6: %s", async (_, fn) => {
    const calls = await callsOf(fn as never, [sample([...six]), sample([...six], "f32", { seed: 2 })]);
    for (const { inputs, outputs } of calls) {
      for (const { shape } of [...Object.values(inputs), ...outputs]) expect(shape.length).toBeLessThanOrEqual(4);
    }
  });

  it("Cumsum in reverse", async () => {
    const calls = await callsOf((x) => cumsum(x, 1, { reverse: true }), [sample([3, 5])]);
    expect(calls.filter(({ kernel }) => kernel === "Cumsum").map(({ attrs }) => attrs.reverse)).toEqual([false]);
  });

  it.each([
    ["one matrix", [5, 3], [4, 5]],
    ["a batch", [2, 5, 3], [2, 4, 5]],
  ])("BatchMatMul of transposed operands on wasm: %s", async (_, left, right) => {
    const turned = (x: Tensor): Tensor => transpose(x, x.shape.length === 2 ? [1, 0] : [0, 2, 1]);
    const product = (a: Tensor, b: Tensor): Tensor => matmul(turned(a), turned(b));
    const calls = await callsOf(product, [sample(left), sample(right)], "wasm");
    expect(names(calls)).toEqual(["Transpose", "Transpose", "BatchMatMul"]);
    expect(calls.at(-1)!.attrs).toEqual({ transposeA: false, transposeB: false });
    // An engine whose kernel is as fast with transposed operands is given them as they are.
    const direct = await callsOf(product, [sample(left), sample(right)], "cpu");
    expect(names(direct)).toEqual(["BatchMatMul"]);
  });

  it("pooling and its gradients", async () => {
    const loss = (x: Tensor): Tensor =>
      add(sum(square(maxPool(x, { window: [2, 2] }))), sum(square(sumPool(x, { window: [2, 2] }))));
    const calls = await callsOf((x) => grad(loss)(x), [sample([2, 4, 6, 3])]);
    expect(names(calls).filter((kernel) => kernel.includes("Pool"))).toEqual([]);
  });
});
