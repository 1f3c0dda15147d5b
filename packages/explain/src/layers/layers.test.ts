// Maps of layers: Grad-CAM by its formula in two and three dimensions, rollout by products of matrices, and what they refuse.
import { multiHeadAttention, sequenceTransformer } from "@hooke/attention";
import {
  apply,
  applyTapped,
  dense,
  initialize,
  predict,
  sequential,
  type TrainedModel,
  type Variables,
} from "@hooke/core";
import { conv2d, conv3d, globalAveragePool } from "@hooke/layers-conv";
import { array, type HostArray, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { expect, it } from "vitest";
import { attentionRollout } from "./attention-rollout.ts";
import { gradCam } from "./grad-cam.ts";

const backend = referenceBackend();
const [flat, deep] = [
  { conv: conv2d, shape: [6, 4, 1] },
  { conv: conv3d, shape: [4, 3, 5, 1] },
] as const;

const numbers = (shape: readonly number[]) =>
  array(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(3 * i)),
    { shape, dtype: "f64" },
  );

async function convolutional({ conv, shape }: typeof flat | typeof deep): Promise<TrainedModel> {
  const layer = sequential({
    body: conv({ filters: 3, kernelSize: 3, bias: false, activation: "relu" }),
    average: globalAveragePool(),
    head: dense({ units: 2, biasInitializer: "ones" }),
  });
  return { layer, inputShape: shape, variables: await initialize(backend, layer, shape, 0, "f64") };
}

it.each([flat, deep])("adds up to the output less its bias, where what follows is linear: $shape", async (kind) => {
  const model = await convolutional(kind);
  const images = numbers([2, ...kind.shape]);
  const { data: outputs } = await predict(model, images, { backend });
  for (const output of [0, 1]) {
    const { values, predictions } = await gradCam(model, images, {
      backend,
      layer: "body",
      output,
      weighting: "each",
      sign: "both",
    });
    expect(values.shape).toEqual([2, ...kind.shape.slice(0, -1)]);
    const size = values.data.length / 2;
    for (const row of [0, 1]) {
      const sum = Array.from(values.data.subarray(row * size, (row + 1) * size)).reduce(
        (a, b) => Number(a) + Number(b),
        0,
      );
      expect(sum).toBeCloseTo(Number(outputs[2 * row + output]) - 1, 10);
      expect(predictions[row]).toBeCloseTo(Number(outputs[2 * row + output]), 10);
    }
  }
});

it.each([flat, deep])("is cut at 0 after the weighted sum, not before: $shape", async (kind) => {
  const model = await convolutional(kind);
  const images = numbers([1, ...kind.shape]);
  const { kernel } = (model.variables.params as unknown as { head: { kernel: HostArray } }).head;
  const seen = (await run(
    backend,
    ((variables: Variables, x: Tensor) =>
      applyTapped(model.layer, variables, x, { taps: ["body"] }).taps.body!) as never,
    model.variables as never,
    images as never,
  )) as unknown as HostArray;
  const places = seen.data.length / 3;
  // The slope in each channel is the head's weight over the number of places; so is its mean.
  const expected = Array.from({ length: places }, (_, place) =>
    [0, 1, 2].reduce(
      (sum, channel) => sum + (Number(seen.data[3 * place + channel]) * Number(kernel.data[2 * channel])) / places,
      0,
    ),
  );
  expect(expected.some((value) => value < 0) && expected.some((value) => value > 0)).toBe(true);
  const both = await gradCam(model, images, { backend, layer: "body", output: 0, sign: "both" });
  expect(Array.from(both.values.data)).toEqual(expected.map((value) => expect.closeTo(value, 12)));
  const { values } = await gradCam(model, images, { backend, layer: "body", output: 0 });
  expect(Array.from(values.data)).toEqual(expected.map((value) => expect.closeTo(Math.max(0, value), 12)));
});

it("refuses layers that there are not, and such without places", async () => {
  const model = await convolutional(flat);
  const images = numbers([1, ...flat.shape]);
  const options = { backend, output: 0 };
  await expect(gradCam(model, images, { ...options, layer: "bodi" })).rejects.toThrow(
    'received the path "bodi", which no layer has. Did you mean "body"?',
  );
  await expect(gradCam(model, images, { ...options, layer: "head" })).rejects.toThrow(
    'the layer "head" gives f64[1, 2]; it takes one with places',
  );
  await expect(gradCam(model, images, options as never)).rejects.toThrow('option "layer" is missing');
  await expect(gradCam(model, images, { ...options, layer: "body", sign: "negative" as never })).rejects.toThrow(
    '"positive", "both"',
  );
  await expect(attentionRollout(model, numbers([1, ...flat.shape]), { backend })).rejects.toThrow(
    /no layer of the model \(sequential\) reports attention weights/,
  );
});

it("refuses attention to a memory, whose positions are others", async () => {
  const layer = multiHeadAttention({ units: 4, heads: 2, source: "memory" });
  const memory = numbers([1, 3, 4]);
  const inputShape = { shape: [3, 4], extras: { memory: { shape: [3, 4] } } };
  const model = { layer, inputShape, variables: await initialize(backend, layer, inputShape, 0, "f64") };
  await expect(attentionRollout(model, numbers([1, 3, 4]), { backend, extras: { memory } })).rejects.toThrow(
    "attentionRollout: received the extra memory; it explains layers that attend to the positions of their own input.",
  );
});

const lengths = array([3, 5], { dtype: "i32" });

it.each(["mean", "classToken"] as const)(
  "rolls attention out from the last layer to the first: %s",
  async (pooling) => {
    const layer = sequenceTransformer({ outputs: 1, width: 8, heads: 2, blocks: 2, pooling });
    const inputShape = { shape: [5, 2], extras: { lengths: { shape: [], dtype: "i32" as const } } };
    const model = { layer, inputShape, variables: await initialize(backend, layer, inputShape, 0, "f64") };
    const inputs = numbers([2, 5, 2]);
    const found = await attentionRollout(model, inputs, { backend, extras: { lengths } });
    const count = pooling === "mean" ? 5 : 6;
    expect(found.values.shape).toEqual([2, count, count]);
    const reports = (await run(
      backend,
      ((variables: Variables, x: Tensor, lengths: Tensor) =>
        apply(layer, variables, x, { extras: { lengths } }).reports) as never,
      model.variables as never,
      inputs as never,
      lengths as never,
    )) as unknown as { encoder: Record<string, { attention: { weights: HostArray } }> };
    const layers = Object.values(reports.encoder).map(({ attention }) => attention.weights);
    expect(layers.length).toBe(2);
    const mixed = (weights: HostArray, row: number, query: number, key: number): number => {
      const [a, b] = [0, 1].map((head) => Number(weights.data[((row * 2 + head) * count + query) * count + key]));
      return 0.5 * ((a! + b!) / 2) + (query === key ? 0.5 : 0);
    };
    for (const row of [0, 1]) {
      const reach = (row === 0 ? 3 : 5) + (count - 5);
      let total = 0;
      for (let query = 0; query < count; query++) {
        let sum = 0;
        for (let key = 0; key < count; key++) {
          let expected = 0;
          for (let k = 0; k < count; k++) expected += mixed(layers[1]!, row, query, k) * mixed(layers[0]!, row, k, key);
          const value = Number(found.values.data[(row * count + query) * count + key]);
          expect(value).toBeCloseTo(expected, 10);
          sum += value;
          if (query < reach && key >= reach) expect(value).toBe(0);
        }
        expect(sum).toBeCloseTo(1, 10);
      }
      for (let key = 0; key < count; key++) total += Number(found.mean.data[row * count + key]);
      expect(total).toBeCloseTo(1, 10);
    }
  },
);
