// Losses of distributions: beta-NLL against its definition, the pinball loss against the quantiles that make it least.
import { array, grad, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { expect, it } from "vitest";
import { pinball } from "./pinball.ts";
import { gaussianNll } from "./regression.ts";

const backend = referenceBackend();

it("gradients of beta-NLL are those of the likelihood times the variance to the power of beta", async () => {
  const predictions = array(
    [
      [0.3, -1],
      [2, 0.5],
      [-1, 2],
    ],
    { dtype: "f64" },
  );
  const targets = array([[1], [1], [0]], { dtype: "f64" });
  const gradient = (beta: number) => (p: Tensor, t: Tensor) => grad((z: Tensor) => gaussianNll({ beta })(z, t))(p);
  const plain = await run(backend, gradient(0), predictions, targets);
  const half = await run(backend, gradient(0.5), predictions, targets);
  for (const [i, value] of half.data.entries()) {
    const logVariance = predictions.data[i - (i % 2) + 1]!;
    expect(value).toBeCloseTo(plain.data[i]! * Math.exp(0.5 * logVariance), 12);
  }
  // With beta 1 the gradient in the mean is that of half the squared error.
  const full = await run(backend, gradient(1), predictions, targets);
  expect(full.data[0]).toBeCloseTo((0.3 - 1) / 3, 12);
  expect(() => gaussianNll({ beta: 2 })).toThrow("a number from 0 to 1");
});

it("the pinball loss is least at the quantile, column by column", async () => {
  const targets = array(
    Array.from({ length: 99 }, (_, i) => [i + 1, 10 * (i + 1)]),
    { dtype: "f64" },
  );
  const at = async (low: number, high: number) => {
    const rows = array(
      Array.from({ length: 99 }, () => [low, 10 * low, high, 10 * high]),
      { dtype: "f64" },
    );
    return (await run(backend, pinball({ quantiles: [0.1, 0.9] }), rows, targets)).data[0]!;
  };
  const best = await at(10, 90);
  for (const [low, high] of [
    [9, 90],
    [11, 90],
    [10, 89],
    [10, 91],
  ] as const)
    expect(await at(low, high)).toBeGreaterThan(best);
});

it("refuses quantiles that do not ascend, and predictions of other widths", async () => {
  expect(() => pinball({ quantiles: [0.9, 0.1] })).toThrow("ascending, such as [0.05, 0.5, 0.95]");
  const rows = array([[1, 2, 3]]);
  await expect(run(backend, pinball({ quantiles: [0.1, 0.9] }), rows, array([[1]]))).rejects.toThrow(
    "expected 2 quantiles of each target",
  );
});
