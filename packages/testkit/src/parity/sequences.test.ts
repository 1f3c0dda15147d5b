// Layers for sequences against PyTorch: outputs, states, gradients, second gradients, and fifty training steps.
import { activation, apply, dense, type Layer, sequential, type TensorTree } from "@hooke/core";
import { causalConv1d, embedding, lastStep, sequences, tcnBlock } from "@hooke/layers-seq";
import { concat, reshape, type Tensor, treeLeaves } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends, trainingBackends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";
import { expectTrajectory } from "./expect-trajectory.ts";

const tolerance = 1e-10;
const layers = sequences.layers as unknown as Readonly<Record<string, (config: object) => Layer>>;

/** The output; where the case gives initial states, a vector of it and all final states in the order of their paths. */
function outputOf(model: Layer, { config }: GoldenCase, inputs: Named): Tensor {
  const treeOf = (path: string): TensorTree => {
    const has = Object.keys(inputs).some((key) => key.startsWith(`${path}.`));
    return has ? (goldenTree(inputs as never, path) as unknown as TensorTree) : {};
  };
  const variables = { params: treeOf("params"), state: {} };
  const lengths = inputs["extras.lengths"];
  const { output, carry } = apply(model, variables, inputs.x!, {
    extras: lengths === undefined ? {} : { lengths },
    carry: treeOf("carry"),
    // Dropout of a rate above 0 is compared in inference, where it does nothing.
    training: !((config.dropout as number) > 0),
  });
  if (!("carry.layer0.hidden" in inputs)) return output;
  const states = treeLeaves<Tensor>(carry).sort((a, b) => (a.path < b.path ? -1 : 1));
  return concat(
    [output, ...states.map(({ value }) => value)].map((part) => reshape(part, [-1])),
    0,
  );
}

describe.each(backends)("layers for sequences agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("sequences").cases.map((golden) => [golden.name, golden] as const))("%s", async (_, golden) => {
    const model = layers[golden.operation]!(golden.config);
    const result = await recompute(backend, golden, (inputs) => ({ value: outputOf(model, golden, inputs) }));
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  });
});

/** The networks of `golden/sequences.py`. */
function networkOf({ operation, config }: GoldenCase): Layer {
  const { filters, kernelSize, kernelSizes, dilations, symbols, size } = config as {
    readonly [name: string]: number;
  } & { readonly kernelSizes: readonly number[]; readonly dilations: readonly number[] };
  const { optimizer: _o, learningRate: _r, momentum: _m, loss: _l, batchSize: _b, steps: _s, ...own } = config;
  const head = dense({ units: 1 });
  switch (operation) {
    case "tcn": {
      const block = (dilation: number) => tcnBlock({ filters: filters!, kernelSize: kernelSize!, dilation });
      return sequential([block(1), block(2), lastStep(), head]);
    }
    case "causalConvs": {
      const conv = (i: number) =>
        causalConv1d({ filters: filters!, kernelSize: kernelSizes[i]!, dilation: dilations[i]! });
      return sequential([conv(0), activation("relu"), conv(1), lastStep(), head]);
    }
    case "embeddedGru": {
      const { symbols: _n, size: _z, ...recurrent } = own;
      return sequential([embedding({ symbols: symbols!, size: size! }), layers.gru!(recurrent), head]);
    }
    case "crackGrowthLSTM":
      return layers.crackGrowthLSTM!(own);
    default:
      return sequential([layers[operation]!(own), head]);
  }
}

describe.each(trainingBackends)("fifty training steps agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("sequences-trajectories").cases.map((golden) => [golden.name, golden] as const))(
    "%s",
    (_, golden) => expectTrajectory(backend, golden, networkOf(golden)),
  );
});
