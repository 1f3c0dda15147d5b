// Whole trainings against PyTorch: fifty steps in f32 from the same weights and batches, within 1e-4 relative.
import { adam, adamw, crossEntropy, type Loss, mse, type Optimizer, sgd } from "@hooke/core";
import { describe, expect, it } from "vitest";
import { type GoldenCase, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { relativeNorm } from "./compare.ts";
import { networkOf } from "./models.ts";
import { trainSteps } from "./train-steps.ts";

const losses: Readonly<Record<string, () => Loss>> = { mse, crossEntropy };

function optimizerOf({ optimizer, weightDecay = 0, momentum = 0 }: GoldenCase["config"]): Optimizer {
  if (optimizer === "sgd") return sgd({ momentum: momentum as number });
  return (optimizer === "adam" ? adam : adamw)({ weightDecay: weightDecay as number });
}

describe.each(backends)("fifty training steps agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("trajectories").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const { config } = golden;
    const found = await trainSteps(backend, golden, {
      model: networkOf(golden),
      loss: losses[config.loss as string]!(),
      optimizer: optimizerOf(config),
      learningRate: () => config.learningRate as number,
      batchSize: config.batchSize as number,
    });
    for (const [i, loss] of golden.outputs.losses!.data.entries()) {
      expect(Math.abs(found.losses[i]! - loss) / loss, `loss of step ${i + 1}`).toBeLessThan(1e-4);
    }
    for (const [path, weights] of Object.entries(golden.outputs)) {
      if (path === "losses") continue;
      const name = path.replace("finalState.", "state.").replace("final.", "params.");
      expect(relativeNorm(found.final[name]!, weights), path).toBeLessThan(1e-4);
    }
  });
});
