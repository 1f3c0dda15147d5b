// Sequences of different lengths in convolutional models: each row as if it were alone, or a refusal by name.
import { apply, batchNorm, dense, groupNorm, initialize, type Layer, reshape, sequential } from "@hooke/core";
import { gru, lastStep } from "@hooke/layers-seq";
import { array, type HostArray, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import * as conv from "./index.ts";

const backend = referenceBackend();
const junk = 1e6;
const rows = [[[1], [-2], [3], [0.5]], [[4]], [[-1], [2]]];
const lengths = array([4, 1, 2], { dtype: "i32" });
const x = array(rows.map((row) => [...row, ...Array.from({ length: 6 - row.length }, () => [junk])]));

const outcome = async (model: Layer, inputs: HostArray, extras: Record<string, HostArray>, training = false) => {
  const variables = await initialize(backend, model, { shape: inputs.shape.slice(1), extras: specs(extras) }, 0);
  const forward = (given: typeof variables, values: Tensor, more: Record<string, Tensor>) => {
    const { output, state } = apply(model, given as never, values, { training, extras: more });
    return { output, state };
  };
  return run(backend, forward as never, ...([variables, inputs, extras] as never[])) as unknown as Promise<{
    output: HostArray;
    state: { mean: HostArray; variance: HostArray };
  }>;
};
const specs = (extras: Record<string, HostArray>) =>
  Object.fromEntries(Object.keys(extras).map((name) => [name, { shape: [], dtype: "i32" as const }]));

describe("each sequence as if it were alone", () => {
  const { conv1d, depthwiseConv1d, globalAveragePool, globalMaxPool, separableConv1d } = conv;
  const models: readonly (readonly [string, Layer])[] = [
    ["conv1d, average", sequential([conv1d({ filters: 2, kernelSize: 3 }), globalAveragePool()])],
    ["dilated, maximum", sequential([conv1d({ filters: 2, kernelSize: 2, dilation: 2 }), globalMaxPool()])],
    [
      "depthwise, then recurrent",
      sequential([depthwiseConv1d({ kernelSize: 4 }), gru({ hiddenSize: 2, returns: "last" })]),
    ],
    ["separable, last step", sequential([separableConv1d({ filters: 2, kernelSize: 3 }), lastStep()])],
    ["a field from what was pooled", sequential([lastStep(), reshape({ shape: [1, 1] }), conv.upsample({ scale: 6 })])],
  ];
  it.each(models)("%s", async (_, model) => {
    const { output } = await outcome(model, x, { lengths });
    const size = output.data.length / rows.length;
    for (const [i, row] of rows.entries()) {
      const { output: alone } = await outcome(model, array([row]), {
        lengths: array([row.length], { dtype: "i32" }),
      });
      for (const [k, value] of alone.data.entries()) expect(output.data[i * size + k]).toBeCloseTo(value, 6);
    }
  });

  it("and nothing of a sequence of length 0", async () => {
    const none = { lengths: array([0, 1, 2], { dtype: "i32" }) };
    for (const pool of [globalAveragePool(), globalMaxPool()]) {
      expect([...(await outcome(pool, x, none)).output.data]).toEqual([0, 4, pool.type === "globalMaxPool" ? 2 : 0.5]);
    }
  });
});

it("batchNorm takes its statistics of the steps that count", async () => {
  const ragged = await outcome(batchNorm(), x, { lengths }, true);
  const steps = await outcome(batchNorm(), array(rows.flat()), {}, true);
  for (const name of ["mean", "variance"] as const) {
    expect(ragged.state[name].data[0]).toBeCloseTo(steps.state[name].data[0]!, 6);
  }
  const counted = [0, 1, 2, 3, 6, 12, 13].map((i) => ragged.output.data[i]);
  for (const [i, value] of steps.output.data.entries()) expect(counted[i]).toBeCloseTo(value, 6);
  const none = await outcome(batchNorm(), x, { lengths: array([0, 0, 0], { dtype: "i32" }) }, true);
  expect([none.state.mean.data[0], none.state.variance.data[0]]).toEqual([0, 1]);
});

describe("refused by name are", () => {
  const together = "looks at several steps at once and cannot leave out what pads sequences with lengths; ";
  const refused: readonly (readonly [string, Layer, string])[] = [
    ["strides", conv.conv1d({ filters: 1, kernelSize: 3, stride: 2 }), `${together}along the steps use stride 1`],
    ["borders", conv.conv1d({ filters: 1, kernelSize: 3, paddingMode: "circular" }), "along the steps use stride 1"],
    ["windows", conv.maxPool1d({ kernelSize: 2 }), `${together}pool all steps that count by globalAveragePool`],
    ["transposes", conv.convTranspose1d({ filters: 1, kernelSize: 3 }), "such as conv1d"],
    ["norms over steps", groupNorm({ groups: 1 }), `${together}use layerNorm`],
    ["other steps", conv.upsample(), "makes f32[1, 12, 1] of the steps of f32[1, 6, 1] and reads no lengths"],
    ["no steps", reshape({ shape: [6] }), "reads no lengths: padding would count. Put a layer in front"],
  ];
  it.each(refused)("%s", async (_, layer, message) => {
    const model = sequential([gru({ hiddenSize: 1 }), layer, dense({ units: 1 })]);
    await expect(outcome(model, x, { lengths })).rejects.toThrow(message);
  });
});
