// What counts, counts updates: averages, bounds, decay and schedules around and inside of accumulated gradients.
import { accumulate, adamw, dense, fit, mse, type Optimizer, type Schedule, sgd } from "@hooke/core";
import { dataset } from "@hooke/data";
import { array, type HostArray, referenceBackend, type Tree, treeLeaves } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import {
  averagedModel,
  decayWeightsOnly,
  exponentialMovingAverage,
  maxNorm,
  reduceOnPlateau,
  stochasticWeightAveraging,
  warmup,
} from "../index.ts";

const ones = array(Array.from({ length: 8 }, () => [1]));
const model = dense({ units: 1, bias: false, kernelInitializer: { name: "constant", value: -100 } });

async function trained(optimizer: Optimizer, batchSize: number, learningRate: number | Schedule) {
  const data = { train: dataset({ inputs: ones, targets: ones }) };
  const common = { backend: referenceBackend(), model, data, loss: mse(), seed: 0, epochs: 4 };
  return fit({ ...common, optimizer, batchSize, learningRate });
}

const only = (tree: Tree<HostArray>): number => treeLeaves<HostArray>(tree)[0]!.value.data[0]!;

describe("an average", () => {
  const ema = (inner: Optimizer): Optimizer => exponentialMovingAverage({ decay: 0.99 }, inner);
  const swa = (inner: Optimizer): Optimizer => stochasticWeightAveraging({ start: 1, every: 1 }, inner);
  const average = async (optimizer: Optimizer, batchSize: number, rate: number): Promise<number> =>
    only(averagedModel(await trained(optimizer, batchSize, rate)).variables.params as Tree<HostArray>);

  // One step at the rate 0.5 lands on the optimum, 1, whatever came before.
  it("that is exponential begins with the first update", async () => {
    expect(await average(ema(sgd()), 8, 0.5)).toBeCloseTo(1, 4);
    expect(await average(ema(accumulate(8, sgd())), 1, 0.5)).toBeCloseTo(1, 4);
    expect(await average(accumulate(8, ema(sgd())), 1, 0.5)).toBeCloseTo(1, 4);
  });

  // 1 - 101 * 0.8^n after update n: the mean of four is -58.6304.
  it("that is plain takes each update once", async () => {
    const expected = 1 - (101 * (0.8 + 0.64 + 0.512 + 0.4096)) / 4;
    expect(await average(swa(sgd()), 8, 0.1)).toBeCloseTo(expected, 3);
    expect(await average(swa(accumulate(8, sgd())), 1, 0.1)).toBeCloseTo(expected, 3);
    expect(await average(accumulate(8, swa(sgd())), 1, 0.1)).toBeCloseTo(expected, 3);
    expect(await average(swa(accumulate(2, sgd())), 4, 0.1)).toBeCloseTo(expected, 3);
  });
});

describe("once an update", () => {
  const kernel = async (optimizer: Optimizer, batchSize: number): Promise<number> =>
    only((await trained(optimizer, batchSize, 0.1)).model.variables.params as Tree<HostArray>);

  it("maxNorm bounds, in either order of wrapping", async () => {
    const bounded = (inner: Optimizer): Optimizer => maxNorm({ limit: 0.5 }, inner);
    const expected = await kernel(bounded(sgd()), 8);
    expect(await kernel(accumulate(4, bounded(sgd())), 2)).toBeCloseTo(expected, 5);
    expect(await kernel(bounded(accumulate(4, sgd())), 2)).toBeCloseTo(expected, 5);
  });

  it("weights decay", async () => {
    const decayed = decayWeightsOnly(adamw, { weightDecay: 0.5 });
    expect(await kernel(accumulate(4, decayed), 2)).toBeCloseTo(await kernel(decayed, 8), 5);
    const inside = decayWeightsOnly((options: { weightDecay?: number }) => accumulate(4, adamw(options)), {
      weightDecay: 0.5,
    });
    expect(await kernel(inside, 2)).toBeCloseTo(await kernel(decayed, 8), 5);
  });
});

it.each<[string, () => Schedule]>([
  ["warmup by updates", () => warmup({ schedule: { type: "t", config: {}, at: () => 0.1 }, length: 3, every: "step" })],
  [
    "reduceOnPlateau",
    () => reduceOnPlateau({ learningRate: 0.1, patience: 0, threshold: 0.99, monitor: "trainingLoss" }),
  ],
])("%s sees the same updates", async (_, schedule) => {
  const rates = async (optimizer: Optimizer, batchSize: number): Promise<number[]> =>
    (await trained(optimizer, batchSize, schedule())).history.map(({ learningRate }) => learningRate);
  const expected = await rates(sgd(), 4);
  expect(new Set(expected).size).toBeGreaterThan(1);
  expect(await rates(accumulate(4, sgd()), 1)).toEqual(expected.map((rate) => expect.closeTo(rate, 6)));
});
