// Attention, positions and Transformer blocks against PyTorch, whole and tiled; and fifty steps of training.
import {
  attention as attentionPlugin,
  multiHeadAttention,
  rotary,
  scaledDotProduct,
  sequenceTransformer,
  singleHeadAttention,
  sinusoidalPositions,
  transformerDecoderBlock,
  transformerEncoderBlock,
} from "@hooke/attention";
import { adam, apply, type Layer, layerFromJson, mse } from "@hooke/core";
import type { Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends } from "./backends.fixture.ts";
import { differences, relativeNorm } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";
import { trainSteps } from "./train-steps.ts";

const tolerance = 1e-10;

const { cases } = loadGolden("attention");

// biome-ignore lint/suspicious/noExplicitAny: golden configs are JSON; a wrong one fails the layer's own checks.
const constructors: Readonly<Record<string, (config: any) => Layer>> = {
  multiHeadAttention,
  singleHeadAttention,
  sinusoidalPositions,
  transformerDecoderBlock,
  transformerEncoderBlock,
};

/** What a golden case computes; `blockSize` tiles it. */
function functionOf({ operation, config }: GoldenCase, blockSize?: number): (inputs: Named) => Named {
  if (operation === "rotary") return ({ x }) => ({ value: rotary(x!) });
  if (operation === "scaledDotProduct") {
    return ({ query, key, value }) => ({
      value: scaledDotProduct(query!, key!, value!, { causal: config.causal === true, blockSize }),
    });
  }
  const model = constructors[operation]!({ ...config, ...(blockSize && { blockSize }) });
  return ({ x, cotangent: _, ...inputs }) => {
    const isParameter = (name: string): boolean => name.startsWith("params.");
    const names = Object.keys(inputs);
    const params = names.some(isParameter) ? (goldenTree(inputs as never, "params") as never) : {};
    const extras = Object.fromEntries(names.filter((name) => !isParameter(name)).map((name) => [name, inputs[name]!]));
    const { output, reports } = apply(model, { params, state: {} }, x!, { extras, training: true });
    const { weights } = reports as Readonly<Record<string, Tensor | undefined>>;
    return { value: output, ...(weights && operation === "multiHeadAttention" && { weights }) };
  };
}

const layerCases = cases.filter(({ operation }) => operation !== "sequenceTransformer");
const tiled = layerCases.filter(({ operation }) =>
  ["scaledDotProduct", "singleHeadAttention", "multiHeadAttention"].includes(operation),
);

describe.each(backends)("attention agrees with PyTorch: $on", ({ backend }) => {
  const agree = async (golden: GoldenCase, blockSize?: number): Promise<void> => {
    const result = await recompute(backend, golden, functionOf(golden, blockSize));
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  };

  it.each(layerCases.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => agree(golden));

  // Blocks of three: the last one is not full.
  it.each(tiled.map((golden) => [golden.name, golden] as const))("%s in blocks", (_, golden) => agree(golden, 3));

  it("fifty training steps of a Transformer", async () => {
    const golden = cases.find(({ operation }) => operation === "sequenceTransformer")!;
    const { steps: _, batchSize, learningRate, ...config } = golden.config;
    const found = await trainSteps(backend, golden, {
      model: sequenceTransformer(config as never),
      loss: mse(),
      optimizer: adam(),
      learningRate: () => learningRate as number,
      batchSize: batchSize as number,
    });
    for (const [i, loss] of golden.outputs.losses!.data.entries()) {
      expect(Math.abs(found.losses[i]! - loss) / loss, `loss of step ${i + 1}`).toBeLessThan(1e-4);
    }
    for (const [path, weights] of Object.entries(golden.outputs)) {
      if (path === "losses") continue;
      expect(relativeNorm(found.final[path.replace("final.", "params.")]!, weights), path).toBeLessThan(1e-4);
    }
  });
});

it.each(
  layerCases.filter(({ operation }) => operation in constructors).map((golden) => [golden.name, golden] as const),
)("%s is JSON", (_, { operation, config }) => {
  const layer = constructors[operation]!(config);
  const again = layerFromJson(JSON.parse(JSON.stringify(layer)), [attentionPlugin]);
  expect(JSON.stringify(again)).toBe(JSON.stringify(layer));
});
