// Fifty training steps against a stored trajectory: in its dtype, from the same weights, on the same batches.
import { adam, adamw, crossEntropy, type Layer, type Loss, mse, type Optimizer, sgd } from "@hooke/core";
import type { Backend } from "@hooke/runtime";
import { expect } from "vitest";
import type { GoldenCase } from "../golden.ts";
import { relativeNorm } from "./compare.ts";
import { trainSteps } from "./train-steps.ts";

/** Ten times what `golden/training.py` lets rounding do to a trajectory. */
const tolerances: Readonly<Record<string, number>> = { f32: 1e-4, f64: 1e-7 };

const losses: Readonly<Record<string, () => Loss>> = { mse, crossEntropy };

const optimizers: Readonly<Record<string, (options: { weightDecay: number; momentum: number }) => Optimizer>> = {
  sgd,
  adam: ({ weightDecay }) => adam({ weightDecay }),
  adamw: ({ weightDecay }) => adamw({ weightDecay }),
};

/**
 * Expects the losses of all steps, and the final parameters and running statistics that are stored, within 1e-4 relative in
 * f32 and 1e-7 in f64.
 *
 * @param golden a case made by `trajectory` in `golden/training.py`: its configuration names loss, optimizer and their settings
 * @param steps of the fifty that are stored; fewer than all compare losses only
 */
export async function expectTrajectory(
  backend: Backend,
  golden: GoldenCase,
  model: Layer,
  steps = golden.outputs.losses!.data.length,
): Promise<void> {
  const config = golden.config as {
    loss: string;
    optimizer: string;
    learningRate: number;
    batchSize: number;
    weightDecay?: number;
    momentum?: number;
  };
  const { learningRate, batchSize, weightDecay = 0, momentum = 0 } = config;
  const tolerance = tolerances[golden.outputs.losses!.dtype]!;
  const found = await trainSteps(backend, golden, {
    model,
    loss: losses[config.loss]!(),
    optimizer: optimizers[config.optimizer]!({ weightDecay, momentum }),
    learningRate: () => learningRate,
    batchSize,
    steps,
  });
  const truth = golden.outputs.losses!.data;
  for (const [i, loss] of truth.subarray(0, steps).entries()) {
    expect(Math.abs(found.losses[i]! - loss) / loss, `loss of step ${i + 1}`).toBeLessThan(tolerance);
  }
  if (steps < truth.length) return;
  for (const [path, truth] of Object.entries(golden.outputs)) {
    if (path === "losses") continue;
    const name = path.replace("finalState.", "state.").replace("final.", "params.");
    expect(relativeNorm(found.final[name]!, truth), path).toBeLessThan(tolerance);
  }
}
