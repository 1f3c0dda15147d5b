// Learning-rate schedules against the traces of PyTorch's schedulers.
import type { Schedule } from "@hooke/core";
import { cosineAnnealing, regularization, warmup } from "@hooke/regularization";
import { expect, it } from "vitest";
import { type GoldenCase, loadGolden } from "../golden.ts";

const schedules = regularization.schedules as unknown as Readonly<Record<string, (config: object) => Schedule>>;

function scheduleOf({ operation, config }: GoldenCase): Schedule {
  if (operation !== "warmup") return schedules[operation]!(config);
  const { learningRate, length, start, then } = config as Readonly<Record<string, number>>;
  const schedule = cosineAnnealing({ learningRate: learningRate!, length: then! });
  return warmup({ schedule, length: length!, start: start! });
}

it.each(loadGolden("schedules").cases.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => {
  const schedule = scheduleOf(golden);
  for (const [t, rate] of golden.outputs.rates!.data.entries()) {
    // One update an epoch: both units count alike.
    const found = schedule.at({ epoch: t, step: t + 1, stepsPerEpoch: 1, epochs: 100, history: [] });
    expect(Math.abs(found - rate), `at ${t}`).toBeLessThan(1e-12);
  }
});
