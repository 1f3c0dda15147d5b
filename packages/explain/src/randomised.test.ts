// Maps follow the weights: with those of one layer drawn anew, every map is another one (Adebayo et al., NeurIPS 2018).
import { sequenceTransformer } from "@hooke/attention";
import { dense, initialize, type Layer, sequential, type TrainedModel } from "@hooke/core";
import { conv2d, globalAveragePool } from "@hooke/layers-conv";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import {
  attentionRollout,
  exactShapley,
  gradCam,
  gridParts,
  integratedGradients,
  kernelShapley,
  occlusion,
  smoothGrad,
} from "./index.ts";

const backend = referenceBackend();
const numbers = (shape: readonly number[]) =>
  array(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(3 * i) + 0.5),
    { shape, dtype: "f64" },
  );

const image = numbers([1, 6, 6, 1]);
const dark = array(new Array(36).fill(0), { shape: [1, 6, 6, 1], dtype: "f64" });
const parts = gridParts([6, 6], 3);
const network = sequential({
  first: conv2d({ filters: 3, kernelSize: 3, activation: "relu" }),
  second: conv2d({ filters: 3, kernelSize: 3, activation: "tanh" }),
  pool: globalAveragePool(),
  head: dense({ units: 1 }),
});
const history = numbers([1, 5, 2]);
const transformer = sequenceTransformer({ outputs: 1, width: 8, heads: 2, blocks: 1 });

type Explain = (model: TrainedModel) => Promise<ArrayLike<number>>;
const numbersOf = ({ data }: HostArray) => Array.from(data, Number);

const maps: readonly (readonly [name: string, layers: readonly string[], explain: Explain])[] = [
  [
    "integrated gradients",
    ["first", "second", "head"],
    async (model) => numbersOf((await integratedGradients(model, image, { backend, baseline: 0 })).values),
  ],
  [
    "SmoothGrad",
    ["first", "second", "head"],
    async (model) => numbersOf((await smoothGrad(model, image, { backend, samples: 8 })).values),
  ],
  [
    "Grad-CAM",
    ["first", "second", "head"],
    async (model) => numbersOf((await gradCam(model, image, { backend, layer: "first", sign: "both" })).values),
  ],
  [
    "HiResCAM",
    ["first", "second", "head"],
    async (model) =>
      numbersOf((await gradCam(model, image, { backend, layer: "first", sign: "both", weighting: "each" })).values),
  ],
  [
    "occlusion",
    ["first", "second", "head"],
    async (model) => numbersOf((await occlusion(model, image, { backend, cover: 0, size: 2 })).values),
  ],
  [
    "exact Shapley values",
    ["first", "second", "head"],
    async (model) => (await exactShapley(model, image, { backend, background: dark, parts })).values,
  ],
  [
    "kernel Shapley values",
    ["first", "second", "head"],
    async (model) => (await kernelShapley(model, image, { backend, background: dark, parts })).values,
  ],
  // It knows no output: of the layers, those before the weights change it.
  [
    "attention rollout",
    ["embedding", "encoder"],
    async (model) => numbersOf((await attentionRollout(model, history, { backend, residual: 0 })).mean),
  ],
];

const variablesOf = (layer: Layer, shape: readonly number[], seed: number) =>
  initialize(backend, layer, shape, seed, "f64");

it.each(maps)("the map of %s changes with the weights of each layer", async (name, layers, explain) => {
  const [layer, inputShape] = name === "attention rollout" ? [transformer, [5, 2]] : [network, [6, 6, 1]];
  const own = await variablesOf(layer, inputShape, 0);
  const other = await variablesOf(layer, inputShape, 1);
  const map = Array.from(await explain({ layer, inputShape, variables: own }));
  const size = Math.hypot(...map);
  expect(size).toBeGreaterThan(0);
  for (const path of layers) {
    const params = { ...(own.params as object), [path]: (other.params as unknown as Record<string, HostArray>)[path]! };
    const changed = Array.from(await explain({ layer, inputShape, variables: { ...own, params } }));
    const difference = Math.hypot(...map.map((value, i) => value - changed[i]!));
    expect(difference / size, path).toBeGreaterThan(name === "attention rollout" ? 0.01 : 0.1);
  }
});
