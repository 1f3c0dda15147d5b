// Loops that compute their steps again in derivatives: the same derivatives, fewer things kept.
import { describe, expect, it } from "vitest";
import type { HostArray } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { add, mul, tanh } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { scan } from "../ops/scan.ts";
import { optimize } from "../passes/optimize.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { jvp } from "../transforms/jvp.ts";
import { type Tree, treeLeaves } from "../tree.ts";

const backend = referenceBackend();
const values = {
  factor: array([0.7, -0.4], { dtype: "f64" }),
  start: array([0.3, 0.2], { dtype: "f64" }),
  xs: array(Float64Array.of(0.5, -1, 1.5, 0.25, -0.75, 2), { shape: [3, 2] }),
};
type Inputs = { factor: Tensor; start: Tensor; xs: Tensor };

const loss =
  (recompute: boolean, reverse = false) =>
  ({ factor, start, xs }: Inputs): Tensor => {
    const [last, ys] = scan(
      (carry: Tensor, x: Tensor) => {
        const next = tanh(mul(factor, tanh(add(mul(carry, x), tanh(x)))));
        return [next, mul(next, x)] as const;
      },
      start,
      xs,
      { recompute, reverse },
    );
    return add(sum(mul(last, factor)), sum(mul(ys, ys)));
  };

const squared = (fn: (inputs: Inputs) => Tensor) => (inputs: Inputs) => {
  const { factor, start, xs } = grad(fn)(inputs);
  return add(sum(mul(factor, factor)), add(sum(mul(start, start)), sum(mul(xs, xs))));
};

describe.each([false, true])("a loop that recomputes, reverse: %s", (reverse) => {
  it.each([
    ["gradient", grad],
    ["second gradient", (fn: (inputs: Inputs) => Tensor) => grad(squared(fn))],
    ["forward derivative", (fn: (inputs: Inputs) => Tensor) => (inputs: Inputs) => jvp(fn, [inputs], [inputs])[1]],
  ] as const)("has the %s of one that keeps", async (_, derivative) => {
    const result = await run(
      backend,
      (inputs: Inputs) => [derivative(loss(true, reverse))(inputs), derivative(loss(false, reverse))(inputs)] as never,
      values,
    );
    const [again, kept] = (result as unknown as readonly Tree<HostArray>[]).map((tree) =>
      treeLeaves<HostArray>(tree).flatMap(({ value }) => [...value.data]),
    );
    expect(again!.length).toBe(kept!.length);
    // Sums run in another order.
    for (const [i, value] of kept!.entries()) expect(Math.abs(again![i]! - value)).toBeLessThan(1e-13);
  });
});

it("keeps only carries and inputs from step to step", () => {
  const kept = (recompute: boolean): number => {
    const { program } = record(grad(loss(recompute)), values);
    const loop = optimize(program).nodes.find(({ primitive }) => primitive === "scan")!;
    return loop.outputs.filter(({ shape }) => shape.length === 2).length;
  };
  expect(kept(true)).toBeLessThan(kept(false));
});
