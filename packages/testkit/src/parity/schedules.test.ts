// Learning-rate schedules against the traces of PyTorch's schedulers.
import type { Schedule } from "@hooke/core";
import { cosineAnnealing, regularization, warmup } from "@hooke/regularization";
import { expect, it } from "vitest";
import { type GoldenCase, loadGolden } from "../golden.ts";

const schedules = regularization.schedules as unknown as Readonly<Record<string, (config: object) => Schedule>>;

function scheduleOf({ operation, config }: GoldenCase, every: "epoch" | "step"): Schedule {
  // One cycle always counts updates.
  const counted = operation === "oneCycle" ? {} : { every };
  if (operation !== "warmup") return schedules[operation]!({ ...config, ...counted });
  const { learningRate, length, start, then } = config as Readonly<Record<string, number>>;
  const schedule = cosineAnnealing({ learningRate: learningRate!, length: then!, every });
  return warmup({ schedule, length: length!, start: start!, every });
}

const stepsPerEpoch = 7;
const later = { stepsPerEpoch, epochs: 100, history: [] };
const goldens = loadGolden("schedules").cases.map((golden) => [golden.name, golden] as const);

it.each(goldens)("%s, update by update", (_, golden) => {
  const schedule = scheduleOf(golden, "step");
  for (const [t, rate] of golden.outputs.rates!.data.entries()) {
    const found = schedule.at({ ...later, epoch: Math.floor(t / stepsPerEpoch), step: t + 1 });
    expect(Math.abs(found - rate), `at ${t}`).toBeLessThan(1e-12);
  }
});

it.each(goldens.filter(([, { operation }]) => operation !== "oneCycle"))("%s, epoch by epoch", (_, golden) => {
  const schedule = scheduleOf(golden, "epoch");
  for (const [epoch, rate] of golden.outputs.rates!.data.entries()) {
    for (let batch = 1; batch <= stepsPerEpoch; batch++) {
      const found = schedule.at({ ...later, epoch, step: epoch * stepsPerEpoch + batch });
      expect(Math.abs(found - rate), `at ${epoch}`).toBeLessThan(1e-12);
    }
  }
});

it.each(goldens.filter(([, { operation }]) => operation === "oneCycle"))("%s, to its last update", (_, golden) => {
  expect(golden.outputs.rates!.data).toHaveLength(golden.config.length as number);
});
