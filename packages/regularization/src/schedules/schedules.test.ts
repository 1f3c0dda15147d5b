// Schedules: what they count, how they end, and what they refuse; their traces are compared with PyTorch's in testkit.
import type { EpochRecord } from "@hooke/core";
import { expect, it } from "vitest";
import {
  cosineAnnealing,
  exponential,
  multiStep,
  oneCycle,
  type ReduceOnPlateauConfig,
  reduceOnPlateau,
  step,
  warmRestarts,
  warmup,
} from "./index.ts";

const moment = (epoch: number, step: number) => ({ epoch, step, stepsPerEpoch: 10, epochs: 100, history: [] });

it("count epochs, or updates", () => {
  const byEpoch = exponential({ learningRate: 1, factor: 0.5 });
  expect([byEpoch.at(moment(0, 1)), byEpoch.at(moment(0, 10)), byEpoch.at(moment(1, 11))]).toEqual([1, 1, 0.5]);
  const byStep = exponential({ learningRate: 1, factor: 0.5, every: "step" });
  expect([byStep.at(moment(0, 1)), byStep.at(moment(0, 3))]).toEqual([1, 0.25]);
});

it("stay where they end", () => {
  const cosine = cosineAnnealing({ learningRate: 1, length: 4, minimum: 0.1 });
  expect(cosine.at(moment(4, 41))).toBeCloseTo(0.1, 12);
  expect(cosine.at(moment(9, 91))).toBeCloseTo(0.1, 12);
  const cycle = oneCycle({ learningRate: 1, length: 20 });
  expect(cycle.at(moment(5, 51))).toBe(cycle.at(moment(1, 20)));
});

it("a cycle starts at its first rate and passes its peak, however short its rise", () => {
  const cycle = oneCycle({ learningRate: 1, length: 20, peakAt: 0.06, startDivisor: 10 });
  // The rise is over at t = 0.2: update 2 is on the way down.
  const along = (t: number): number => (1 + Math.cos((Math.PI * (t - 0.2)) / 18.8)) / 2;
  expect(cycle.at(moment(0, 1))).toBeCloseTo(0.1, 12);
  expect(cycle.at(moment(0, 2))).toBeCloseTo(0.1e-4 + (1 - 0.1e-4) * along(1), 12);
});

it("warm up in updates, then follow a schedule of epochs or of updates from its beginning", () => {
  const later = warmup({
    schedule: step({ learningRate: 1, size: 1, factor: 0.5 }),
    length: 10,
    start: 0.5,
    every: "step",
  });
  expect(later.at(moment(0, 1))).toBe(0.5);
  expect(later.at(moment(0, 6))).toBe(0.75);
  expect([later.at(moment(1, 11)), later.at(moment(1, 20)), later.at(moment(2, 21))]).toEqual([1, 1, 0.5]);
});

it.each([3, 0, -3])("plateaus at %d are plateaus, whichever the mode and the direction", (value) => {
  const history: EpochRecord[] = Array.from({ length: 5 }, (_, epoch) => ({
    epoch,
    step: epoch + 1,
    loss: value,
    learningRate: 1,
    validation: { loss: value, metrics: { score: value } },
  }));
  const rates = (more: Partial<ReduceOnPlateauConfig>) =>
    history.map((_, i) =>
      reduceOnPlateau({ learningRate: 1, patience: 1, ...more }).at({
        ...moment(i + 1, i + 2),
        history: history.slice(0, i + 1),
      }),
    );
  const monitor = { name: "score", direction: "maximize" } as const;
  for (const more of [{}, { thresholdMode: "absolute" }, { monitor }] as const) {
    expect(rates(more)).toEqual([1, 1, 0.1, 0.1, expect.closeTo(0.01, 12)]);
  }
  expect(rates({ compat: "keras" })).toEqual([
    1,
    0.1,
    expect.closeTo(0.01, 12),
    ...[1e-3, 1e-4].map((rate) => expect.closeTo(rate, 12)),
  ]);
});

it("a plateau of a metric without values says why there are none", () => {
  const validation = { loss: 1, metrics: { r2: Number.NaN }, undefinedMetrics: { r2: "there is one row" } };
  const history = [{ epoch: 0, step: 1, loss: 1, learningRate: 1, validation }];
  const schedule = reduceOnPlateau({ learningRate: 1, monitor: { name: "r2", direction: "maximize" } });
  expect(() => schedule.at({ ...moment(1, 2), history })).toThrow(
    'reduceOnPlateau: the metric "r2" has no value to follow: there is one row.',
  );
});

it.each<[string, () => unknown, RegExp]>([
  [
    "a negative rate",
    () => step({ learningRate: -1, size: 2 }),
    /^step: option "learningRate" is -1; expected a number above 0/,
  ],
  ["no milestones", () => multiStep({ learningRate: 1, milestones: [] }), /expected a list of whole numbers above 0/],
  ["a fraction of an epoch", () => warmRestarts({ learningRate: 1, length: 1.5 }), /expected a whole number above 0/],
  ["a misspelt option", () => cosineAnnealing({ learningRate: 1, length: 2, min: 0 } as never), /unknown option "min"/],
  [
    "a smallest rate above the largest",
    () => cosineAnnealing({ learningRate: 0.1, length: 2, minimum: 1 }),
    /^cosineAnnealing: received the minimum 1 with the learningRate 0.1, which is the largest rate/,
  ],
  [
    "a smallest rate above the largest on a plateau",
    () => reduceOnPlateau({ learningRate: 0.1, minimum: 1 }),
    /^reduceOnPlateau: received the minimum 1/,
  ],
  [
    "a cycle that is at its peak from the start",
    () => oneCycle({ learningRate: 1, length: 10, peakAt: 0.1 }),
    /^oneCycle: received peakAt 0.1 of length 10: the rate would be largest at update 1, before it has risen/,
  ],
  ["a cycle without a rise", () => oneCycle({ learningRate: 1, length: 2 }), /received peakAt 0.3 of length 2/],
  [
    "a cycle that counts epochs",
    () => oneCycle({ learningRate: 1, length: 20, every: "epoch" } as never),
    /^oneCycle: received the unknown option "every"/,
  ],
  [
    "another unit",
    () => step({ learningRate: 1, size: 2, every: "batch" as never }),
    /option "every" is "batch"; expected one of "epoch", "step"/,
  ],
  [
    "a monitored metric without direction",
    () => reduceOnPlateau({ learningRate: 1, monitor: { name: "r2" } as never }),
    /option "monitor" is {"name":"r2"}; expected "loss", "trainingLoss" or a metric with its name and direction/,
  ],
  [
    "half an epoch of patience",
    () => reduceOnPlateau({ learningRate: 1, patience: 0.5 }),
    /a whole number of at least 0/,
  ],
  [
    "no schedule to warm up for",
    () => warmup({ length: 2 } as never),
    /option "schedule" is missing; expected a schedule/,
  ],
])("refuse %s", (_, make, message) => {
  expect(make).toThrow(message);
});
