// Convolutional layers against PyTorch: outputs, gradients, second gradients, and fifty training steps.
import { adam, apply, dense, type Layer, mse, type Optimizer, sequential, sgd, type Variables } from "@hooke/core";
import { conv2d, convolution, globalAveragePool, residualBlock } from "@hooke/layers-conv";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences, relativeNorm } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";
import { trainSteps } from "./train-steps.ts";

const tolerance = 1e-10;
const { cases } = loadGolden("conv");
const layers = convolution.layers as unknown as Readonly<Record<string, (config: object) => Layer>>;

function variablesOf(inputs: Named, model: Layer): Variables {
  const hasParams = Object.keys(inputs).some((key) => key.startsWith("params."));
  const params = hasParams ? (goldenTree(inputs as never, "params") as unknown as Variables["params"]) : {};
  return { params, state: runningStatistics(model, inputs) as Variables["state"] };
}

/** In training batch norm only writes its running statistics: any will do. */
function runningStatistics(model: Layer, inputs: Named): unknown {
  if (!/Block/.test(model.type)) return {};
  const names = Object.keys(inputs).flatMap((key) => /^params\.(.*)\.scale$/.exec(key)?.[1] ?? []);
  const state: Record<string, unknown> = {};
  for (const name of names) {
    const scale = inputs[`params.${name}.scale`]!;
    const parts = name.split(".");
    let at = state;
    for (const part of parts.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[parts.at(-1)!] = { mean: scale, variance: scale };
  }
  return state;
}

describe.each(backends)("convolutional layers agree with PyTorch: $on", ({ backend }) => {
  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const model = layers[golden.operation]!(golden.config);
    const result = await recompute(backend, golden, (inputs) => ({
      value: apply(model, variablesOf(inputs, model), inputs.x!, { training: true }).output,
    }));
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  });
});

function networkOf({ operation, config }: GoldenCase): Layer {
  if (operation === "unet2d") return layers.unet2d!({ filters: config.filters, depth: config.depth });
  return sequential([
    conv2d({ filters: config.channels as number, kernelSize: 3 }),
    residualBlock({ filters: config.filters as number, stride: 2 }),
    globalAveragePool(),
    dense({ units: 1 }),
  ]);
}

const optimizerOf = ({ optimizer, momentum = 0 }: GoldenCase["config"]): Optimizer =>
  optimizer === "sgd" ? sgd({ momentum: momentum as number }) : adam();

describe.each(backends)("fifty training steps agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("conv-trajectories").cases.map((golden) => [golden.name, golden] as const))(
    "%s",
    async (_, golden) => {
      const { config } = golden;
      const found = await trainSteps(backend, golden, {
        model: networkOf(golden),
        loss: mse(),
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
    },
  );
});
