// Layers for sequences against PyTorch: outputs, gradients, second gradients, and fifty training steps.
import {
  adam,
  apply,
  defineLayer,
  dense,
  type Layer,
  mse,
  type NoOptions,
  type Optimizer,
  sequential,
  sgd,
  type Variables,
} from "@hooke/core";
import { sequences, tcnBlock } from "@hooke/layers-seq";
import { sliceAxis, squeeze } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences, relativeNorm } from "./compare.ts";
import { recompute } from "./differentiate.ts";
import { trainSteps } from "./train-steps.ts";

const tolerance = 1e-10;
const layers = sequences.layers as unknown as Readonly<Record<string, (config: object) => Layer>>;

describe.each(backends)("layers for sequences agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("sequences").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const model = layers[golden.operation]!(golden.config);
    const result = await recompute(backend, golden, (inputs) => {
      const params = goldenTree(inputs as never, "params") as unknown as Variables["params"];
      const lengths = inputs["extras.lengths"];
      const extras = lengths === undefined ? {} : { lengths };
      return { value: apply(model, { params, state: {} }, inputs.symbols ?? inputs.x!, { extras }).output };
    });
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  });
});

const lastStep = defineLayer({
  type: "testkit/lastStep",
  apply: (_context: { config: NoOptions }, x) => squeeze(sliceAxis(x, 1, x.shape[1]! - 1, x.shape[1]!), 1),
});

function networkOf({ operation, config }: GoldenCase): Layer {
  const head = dense({ units: 1 });
  if (operation === "tcn") {
    const { filters, kernelSize } = config as { filters: number; kernelSize: number };
    const block = (dilation: number) => tcnBlock({ filters, kernelSize, dilation });
    return sequential([block(1), block(2), lastStep(), head]);
  }
  const { optimizer: _o, learningRate: _r, momentum: _m, loss: _l, batchSize: _b, steps: _s, ...own } = config;
  return sequential([layers[operation]!(own), head]);
}

const optimizerOf = ({ optimizer, momentum = 0 }: GoldenCase["config"]): Optimizer =>
  optimizer === "sgd" ? sgd({ momentum: momentum as number }) : adam();

describe.each(backends)("fifty training steps agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("sequences-trajectories").cases.map((golden) => [golden.name, golden] as const))(
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
        expect(relativeNorm(found.final[path.replace("final.", "params.")]!, weights), path).toBeLessThan(1e-4);
      }
    },
  );
});
