// Attention, positions and Transformers against PyTorch, whole and in blocks; and fifty steps of training.
import { attention as attentionPlugin, rotary, scaledDotProduct } from "@hooke/attention";
import { apply, dense, flatten, type Layer, layerFromJson, sequential } from "@hooke/core";
import { array, asTensor, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { type GoldenCase, goldenTree, loadGolden } from "../golden.ts";
import { backends, trainingBackends } from "./backends.fixture.ts";
import { differences } from "./compare.ts";
import { type Named, recompute } from "./differentiate.ts";
import { expectTrajectory } from "./expect-trajectory.ts";

const tolerance = 1e-10;

const { cases } = loadGolden("attention");
const layers = attentionPlugin.layers as unknown as Readonly<Record<string, (config: object) => Layer>>;

/** What a golden case computes; `blockSize` tiles it. */
function functionOf({ operation, config }: GoldenCase, blockSize?: number): (inputs: Named) => Named {
  if (operation === "rotary") return ({ x }) => ({ value: rotary(x!, config) });
  if (operation === "scaledDotProduct") {
    const { keyMask: kept, ...options } = config as { readonly keyMask?: boolean[][][]; readonly causal?: boolean };
    return ({ query, key, value, mask, bias }) => {
      const numbers = kept?.map((rows) => rows.map((row) => row.map(Number)));
      const keyMask = numbers && asTensor(array(numbers, { dtype: "bool" }));
      return { value: scaledDotProduct(query!, key!, value!, { ...options, keyMask, mask, bias, blockSize }) };
    };
  }
  const model = layers[operation]!({ ...config, ...(blockSize && { blockSize }) });
  return (inputs) => {
    const names = Object.keys(inputs);
    const hasParams = names.some((name) => name.startsWith("params."));
    const params = hasParams ? (goldenTree(inputs as never, "params") as never) : {};
    const extras = Object.fromEntries(
      names.flatMap((name) => {
        const extra = /^extras\.(.*)/.exec(name)?.[1];
        return extra === undefined ? [] : [[extra, inputs[name]!] as const];
      }),
    );
    const { output, reports } = apply(model, { params, state: {} }, inputs.x!, { extras, training: true });
    const { weights } = reports as Readonly<Record<string, Tensor | undefined>>;
    return { value: output, ...(weights && operation === "multiHeadAttention" && { weights }) };
  };
}

const tiled = cases.filter(({ operation }) =>
  ["scaledDotProduct", "singleHeadAttention", "multiHeadAttention"].includes(operation),
);

describe.each(backends)("attention agrees with PyTorch: $on", ({ backend }) => {
  const agree = async (golden: GoldenCase, blockSize?: number): Promise<void> => {
    const result = await recompute(backend, golden, functionOf(golden, blockSize));
    expect(differences(result.outputs, golden.outputs, tolerance)).toEqual({});
    expect(differences(result.gradients, golden.gradients, tolerance)).toEqual({});
    expect(differences(result.secondGradients, golden.secondGradients, tolerance)).toEqual({});
  };

  it.each(cases.map((golden) => [golden.name, golden] as const))("%s", (_, golden) => agree(golden));

  // Blocks of three: the last one is not full.
  it.each(tiled.map((golden) => [golden.name, golden] as const))("%s in blocks", (_, golden) => agree(golden, 3));
});

/** The networks of `golden/attention.py`: a head on all positions where the layer itself has none. */
function networkOf({ operation, config }: GoldenCase): Layer {
  const { optimizer: _o, learningRate: _r, loss: _l, batchSize: _b, steps: _s, ...own } = config;
  const model = layers[operation]!(own);
  return operation === "sequenceTransformer" ? model : sequential([model, flatten(), dense({ units: 1 })]);
}

describe.each(trainingBackends)("fifty training steps agree with PyTorch: $on", ({ backend }) => {
  it.each(loadGolden("attention-trajectories").cases.map((golden) => [golden.name, golden] as const))(
    "%s",
    (_, golden) => expectTrajectory(backend, golden, networkOf(golden)),
  );
});

it.each(cases.filter(({ operation }) => operation in layers).map((golden) => [golden.name, golden] as const))(
  "%s is JSON",
  (_, { operation, config }) => {
    const layer = layers[operation]!(config);
    const again = layerFromJson(JSON.parse(JSON.stringify(layer)), [attentionPlugin]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(layer));
  },
);
