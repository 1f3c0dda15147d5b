// Optimizers against PyTorch: the losses of fifty steps and the parameters after steps 1, 10 and 50.
import {
  accumulate,
  adam,
  adamw,
  chain,
  clipByGlobalNorm,
  clipByValue,
  dense,
  groups,
  mse,
  type Optimizer,
  rmsprop,
  sequential,
  sgd,
} from "@hooke/core";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenArrays, type GoldenCase, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { trainSteps } from "./train-steps.ts";

// biome-ignore lint/suspicious/noExplicitAny: golden options are JSON; a wrong one fails the optimizer's own checks.
const optimizers: Readonly<Record<string, (options: any) => Optimizer>> = { sgd, adam, adamw, rmsprop };

function optimizerOf({ operation, config }: GoldenCase): Optimizer {
  const { learningRate, steps: _, schedule: __, clipValue, clipNorm, accumulate: micro, biases, ...options } = config;
  const make = optimizers[operation]!;
  let optimizer = make(options);
  if (biases !== undefined) {
    const { learningRate: rate, ...own } = biases as { readonly learningRate: number };
    const learningRateFactor = rate / (learningRate as number);
    optimizer = groups([{ paths: "*.bias", optimizer: make({ ...options, ...own }), learningRateFactor }], optimizer);
  }
  if (clipValue !== undefined) optimizer = chain(clipByValue(clipValue as number), optimizer);
  if (clipNorm !== undefined) optimizer = chain(clipByGlobalNorm(clipNorm as number), optimizer);
  return micro === undefined ? optimizer : accumulate(micro as number, optimizer);
}

async function trajectory(backend: Backend, golden: GoldenCase): Promise<GoldenArrays> {
  const { learningRates, x } = golden.inputs;
  const { learningRate, accumulate: micro = 1 } = golden.config as { learningRate: number; accumulate?: number };
  const outputs: Record<string, HostArray> = {};
  const { losses } = await trainSteps(backend, golden, {
    model: sequential([dense({ units: 6, activation: "tanh" }), dense({ units: 2 })]),
    loss: mse(),
    optimizer: optimizerOf(golden),
    batchSize: x!.shape[0]! / micro,
    learningRate: (step) => learningRates?.data[step] ?? learningRate,
    after: (step, variables) => {
      if (![1, 10, 50].includes(step)) return;
      for (const [path, value] of Object.entries(variables)) outputs[path.replace("params", `step${step}`)] = value;
    },
  });
  return { ...outputs, losses: array(losses, { dtype: x!.dtype }) };
}

describe.each(backends)("optimizers agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("optimizers").cases.map((golden) => [golden.name, golden] as const))(
    "%s",
    async (name, golden) => {
      expect(
        differences(await trajectory(backend, golden), golden.outputs, name.endsWith("f64") ? 1e-10 : 2e-5, 0.1),
      ).toEqual({});
    },
  );
});
