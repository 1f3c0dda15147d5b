// Infinities, where IEEE 754 leaves a choice: as PyTorch, JAX and SciPy. Finite extremes are tested in testkit.
import { describe, expect, it } from "vitest";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "../transforms/grad.ts";
import { sum } from "./reduction.ts";
import { logSoftmax, logSumExp, softmax } from "./softmax.ts";

const backend = referenceBackend();
const [up, down] = [Infinity, -Infinity];

describe("logSumExp", () => {
  it.each([
    [[up, 0], up],
    [[up, down], up],
    [[up, up], up],
    [[down, down], down],
    [[down, 3], 3],
    [[1e38, up], up],
    [[Number.NaN, up], Number.NaN],
  ])("of %j is %d", async (row, expected) => {
    expect((await run(backend, (x: Tensor) => logSumExp(x), array(row))).data[0]).toBe(expected);
  });

  it("has the derivative 0 where nothing is left", async () => {
    const slope = (x: Tensor): Tensor => grad((y: Tensor) => sum(logSumExp(y, { axes: 1 })))(x);
    const rows = array([
      [down, down],
      [down, 3],
    ]);
    expect([...(await run(backend, slope, rows)).data]).toEqual([0, 0, 0, 1]);
  });
});

it.each([
  [softmax, [down, 0], [0, 1]],
  [softmax, [up, 0], [Number.NaN, Number.NaN]],
  [softmax, [down, down], [Number.NaN, Number.NaN]],
  [logSoftmax, [down, 0], [down, 0]],
  [logSoftmax, [up, 0], [Number.NaN, Number.NaN]],
])("%o of %j is %j, as in PyTorch", async (fn, row, expected) => {
  expect([...(await run(backend, (x: Tensor) => fn(x), array(row))).data]).toEqual(expected);
});
