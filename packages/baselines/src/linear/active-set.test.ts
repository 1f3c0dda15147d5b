// Weights of inputs that are nearly or wholly sums of others: where nothing pulls at them any more, after few sweeps.
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { randomFrom } from "../method/random.ts";
import { stepOf } from "./active-set.ts";
import { netProblem, pathOf, roughly, settleAt } from "./elastic-net-fit.ts";
import { dot } from "./rows.ts";

/** Columns of mean 0 that differ by little from a few; every third may be the difference of the two before. */
function alike(count: number, width: number, noise: number, isSum: boolean) {
  const random = randomFrom(randomKey(5), "alike");
  const data = new Float64Array(count * width);
  for (let i = 0; i < count; i++) {
    const shared = [0, 1, 2].map(() => random.uniform() - 0.5);
    for (let j = 0; j < width; j++) {
      const [before, last] = [data[i * width + j - 2]!, data[i * width + j - 1]!];
      const own = shared[j % 3]! + noise * (random.uniform() - 0.5);
      data[i * width + j] = isSum && j % 3 === 2 ? last - before : own;
    }
  }
  const targets = Float64Array.from(
    { length: count },
    (_, i) => data[i * width]! - 2 * data[i * width + 1]! + 0.1 * (random.uniform() - 0.5),
  );
  return { rows: { count, width, data }, targets };
}

it.each([
  ["nearly alike", 40, 12, 1e-3, false, 1],
  ["nearly alike, with a penalty on squares", 40, 12, 1e-3, false, 0.5],
  ["sums of others", 40, 12, 0.1, true, 1],
  ["more than rows, and nearly alike", 12, 30, 1e-2, false, 1],
])("settles where columns are %s", async (_, count, width, noise, isSum, mixing) => {
  const { rows, targets } = alike(count, width, noise, isSum);
  const problem = netProblem(rows, targets);
  let sweeps = 0;
  const rest = () => void sweeps++;
  const path = pathOf(rows, problem.most(mixing), 20);
  for (const penalty of path) await settleAt(problem, { penalty, mixing }, rest, roughly);
  const penalty = path.at(-1)!;
  expect(await settleAt(problem, { penalty, mixing }, rest)).toBe(true);
  expect(sweeps).toBeLessThan(1500);
  const {
    weights: [weights],
    bias: [bias],
  } = problem.linear() as { weights: [Float64Array]; bias: [number] };
  const residual = targets.map((target, i) => target - bias - dot(weights, rows.data, i * width));
  for (const [j, weight] of weights.entries()) {
    const pull = residual.reduce((sum, left, i) => sum + (left * rows.data[i * width + j]!) / count, 0);
    const slope = pull - penalty * (1 - mixing) * weight;
    expect(Math.abs(slope)).toBeLessThan(penalty * mixing + 1e-9);
    if (weight !== 0) expect(slope).toBeCloseTo(Math.sign(weight) * penalty * mixing, 9);
  }
});

it("stops at 0 on a line where the least is there, and goes on beyond where it is not", () => {
  const oneColumn = (slope: number, magnitudes: number) =>
    stepOf({
      weights: Float64Array.of(1),
      slopes: Float64Array.of(slope),
      products: Float64Array.of(1),
      magnitudes,
      squares: 0,
    })[0];
  expect(oneColumn(-0.5, 0.2)).toBeCloseTo(0.3, 15);
  expect(oneColumn(-1.1, 0.2)).toBe(0);
  expect(oneColumn(-2, 0.2)).toBeCloseTo(-0.8, 15);
});

it("takes one of two columns that are the same", () => {
  const after = stepOf({
    weights: Float64Array.of(2, 1),
    slopes: Float64Array.of(0.1, 0.1),
    products: Float64Array.of(1, 1, 1, 1),
    magnitudes: 0.1,
    squares: 0,
  });
  expect(after).toEqual(Float64Array.of(3, 0));
});
