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

  // PyTorch and JAX give NaN where an element is Infinity; the limit of softmax is 1 there.
  it("has the derivative of max at Infinity, and 0 where nothing is left", async () => {
    const slope = (x: Tensor): Tensor => grad((y: Tensor) => sum(logSumExp(y, { axes: 1 })))(x);
    const rows = array([
      [0, up],
      [down, up],
      [up, up],
      [1, 1],
      [down, down],
      [down, 3],
    ]);
    const expected = [0, 1, 0, 1, 0.5, 0.5, 0.5, 0.5, 0, 0, 0, 1];
    expect([...(await run(backend, slope, rows)).data]).toEqual(expected);
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
