// Integrated gradients and SmoothGrad against closed forms and differences, in the units of the data, and what they refuse.
import { ridge } from "@hooke/baselines";
import { defineLayer, dense, initialize, type NoOptions, predict, sequential, type TrainedModel } from "@hooke/core";
import { dataset, fitPreprocessing, logTransform, minMax, standardize, tableOf } from "@hooke/data";
import { lastStep, lstm } from "@hooke/layers-seq";
import { array, HookeError, type HostArray, mul, referenceBackend, sliceAxis } from "@hooke/runtime";
import { expect, it } from "vitest";
import { integratedGradients } from "./integrated-gradients.ts";
import { smoothGrad } from "./smooth-grad.ts";

const backend = referenceBackend();
const f64 = (values: number[][]) => array(values, { dtype: "f64" });

async function modelOf(layer: TrainedModel["layer"], width: number, seed = 0): Promise<TrainedModel> {
  return { layer, inputShape: [width], variables: await initialize(backend, layer, [width], seed, "f64") };
}

const training = dataset({
  inputs: f64([
    [1, 200, 3],
    [4, 350, 5],
    [9, 100, 8],
    [2, 260, 7],
  ]),
  targets: f64([[10], [40], [80], [20]]),
  inputNames: ["age", "cement", "water"],
  targetNames: ["strength"],
});
const stretched = fitPreprocessing(training, {
  inputs: [
    logTransform({ columns: ["age"] }),
    standardize({ columns: ["age", "cement"] }),
    minMax({ columns: ["water"] }),
  ],
  targets: [logTransform(), standardize()],
});
const network = sequential([dense({ units: 6, activation: "tanh" }), dense({ units: 1 })]);

it("is exact of a linear model at once, in the units of the data", async () => {
  const layer = dense({ units: 1 });
  const model = {
    ...(await modelOf(layer, 3)),
    preprocessing: fitPreprocessing(training, { inputs: standardize(), targets: standardize() }),
  };
  const baseline = f64([[3, 220, 5]]);
  const { values, predictions, base, errors, steps } = await integratedGradients(model, training, {
    backend,
    baseline: { ...baseline, shape: [3] } as HostArray,
  });
  const kernel = (model.variables.params as { kernel: HostArray }).kernel.data;
  const [inputs, targets] = [model.preprocessing.inputs[0], model.preprocessing.targets[0]] as unknown as {
    std: number[];
  }[];
  for (let row = 0; row < 4; row++) {
    for (let i = 0; i < 3; i++) {
      const slope = (Number(kernel[i]) * targets!.std[0]!) / inputs!.std[i]!;
      const away = Number(training.inputs.data[3 * row + i]) - Number(baseline.data[i]);
      expect(values.data[3 * row + i]).toBeCloseTo(slope * away, 10);
    }
    expect(predictions[row]! - base[row]! + errors[row]!).toBeCloseTo(
      [0, 1, 2].reduce((sum, i) => sum + Number(values.data[3 * row + i]), 0),
      10,
    );
    expect(Math.abs(errors[row]!)).toBeLessThan(1e-9);
    expect(steps[row]).toBe(9);
  }
  expect(Array.from(predictions)).toEqual(
    Array.from((await predict(model, training, { backend })).data, (value) => expect.closeTo(Number(value), 10)),
  );
});

it("adds up through logarithms on both sides, as closely as it is asked to", async () => {
  const model = { ...(await modelOf(network, 3)), preprocessing: stretched };
  const options = { backend, baseline: f64([[1.5, 120, 3]]) };
  const far = f64([[9, 340, 8]]);
  const rough = await integratedGradients(model, far, options);
  const fine = await integratedGradients(model, far, { ...options, tolerance: 1e-5 });
  const size = Array.from(fine.values.data, Number).reduce((sum, value) => sum + Math.abs(value), 0);
  expect(Math.abs(fine.errors[0]!)).toBeLessThan(2e-5 * size);
  expect(Math.abs(rough.errors[0]!)).toBeLessThan(0.01 * size);
  expect(fine.steps[0]).toBeGreaterThan(rough.steps[0]!);
  await expect(integratedGradients(model, far, { ...options, tolerance: 1e-9, mostSteps: 27 })).rejects.toThrow(
    /miss the difference of predictions, .+ after 27 steps; raise mostSteps, or the tolerance/,
  );
});

it("shares a product equally", async () => {
  const product = defineLayer({
    type: "test/product",
    apply: (_: { config: NoOptions }, x) => mul(sliceAxis(x, 1, 0, 1), sliceAxis(x, 1, 1, 2)),
  })();
  const model = { layer: product, inputShape: [2], variables: { params: {}, state: {} } } as unknown as TrainedModel;
  const { values } = await integratedGradients(
    model,
    f64([
      [3, 4],
      [-1, 5],
    ]),
    { backend, baseline: 0 },
  );
  expect(Array.from(values.data)).toEqual([6, 6, -2.5, -2.5].map((value) => expect.closeTo(value, 6)));
});

it("has the slopes that differences have, in the units of the data", async () => {
  const model = { ...(await modelOf(network, 3)), preprocessing: stretched };
  const row = [3, 240, 6];
  const { values, predictions } = await smoothGrad(model, f64([row]), { backend, samples: 1, noise: 0 });
  const at = async (inputs: number[]) => Number((await predict(model, f64([inputs]), { backend })).data[0]);
  expect(predictions[0]).toBeCloseTo(await at(row), 10);
  for (let i = 0; i < 3; i++) {
    const step = 1e-5 * row[i]!;
    const moved = (by: number) => at(row.map((value, j) => (j === i ? value + by : value)));
    const expected = ((await moved(step)) - (await moved(-step))) / (2 * step);
    expect(Math.abs(Number(values.data[i]) / expected - 1)).toBeLessThan(1e-6);
  }
});

it("averages slopes over noise, the same of the same seed", async () => {
  const model = await modelOf(network, 3);
  const data = f64([[0.3, -1, 2]]);
  const plain = await smoothGrad(model, data, { backend, samples: 1, noise: 0 });
  const smooth = await smoothGrad(model, data, { backend, samples: 40, noise: 0.3 });
  expect(smooth.values).not.toEqual(plain.values);
  expect(await smoothGrad(model, data, { backend, samples: 40, noise: 0.3 })).toEqual(smooth);
  expect(await smoothGrad(model, data, { backend, samples: 40, noise: 0.3, seed: 1 })).not.toEqual(smooth);
  const calm = await smoothGrad(model, data, { backend, samples: 40, noise: 1e-6 });
  expect(Array.from(calm.values.data)).toEqual(
    Array.from(plain.values.data, (value) => expect.closeTo(Number(value), 4)),
  );
});

it("gives steps behind the end of a sequence no share, whatever stands there", async () => {
  const layer = sequential([lstm({ hiddenSize: 3 }), lastStep(), dense({ units: 1 })]);
  const inputShape = { shape: [4, 1], extras: { lengths: { shape: [], dtype: "i32" as const } } };
  const model = { layer, inputShape, variables: await initialize(backend, layer, inputShape, 0, "f64") };
  const inputs = array([1, 2, Number.NaN, Number.NaN, 1, -1, 2, 0.5], { shape: [2, 4, 1], dtype: "f64" });
  const extras = { lengths: array([2, 4], { dtype: "i32" }) };
  const { values, errors } = await integratedGradients(model, inputs, { backend, baseline: 0, extras });
  expect(Array.from(values.data.subarray(2, 4), Math.abs)).toEqual([0, 0]);
  expect(Array.from(values.data.subarray(4)).every((value) => value !== 0)).toBe(true);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.01);
});

it("refuses what it cannot explain, with what to do", async () => {
  const model = await modelOf(dense({ units: 2 }), 3);
  const options = { backend, baseline: 0 };
  const fitted = await ridge().fit(tableOf({ a: [1, 2, 3], b: [1, 2, 4] }), "b");
  await expect(integratedGradients(fitted as never, training, options)).rejects.toThrow(
    'integratedGradients: received the fitted method "ridge", which has no gradients; permutationImportance, exactShapley and kernelShapley ask for predictions alone.',
  );
  await expect(smoothGrad(((x: HostArray) => x) as never, training, { backend })).rejects.toThrow(
    "which has no gradients",
  );
  await expect(integratedGradients(model, training, options)).rejects.toThrow(
    "the model has 2 outputs; give the option output",
  );
  await expect(integratedGradients(model, training, { ...options, output: 2 })).rejects.toThrow(
    "received output 2; the model has 2.",
  );
  const output = { ...options, output: 1 };
  await expect(integratedGradients(model, training, { ...output, baseline: array([1, 2]) })).rejects.toThrow(
    "give [3] or [rows, 3]",
  );
  await expect(integratedGradients(model, array([[1, 2, 3]], { dtype: "i32" }), output)).rejects.toThrow(
    "which predictions have no slope in",
  );
  await expect(integratedGradients(model, training, { backend, output: 1 } as never)).rejects.toThrow(
    'option "baseline" is missing',
  );
  await expect(integratedGradients(model, f64([[Number.NaN, 1, 2]]), output)).rejects.toThrow(
    "the model gives NaN for row 0",
  );
  const stop = AbortSignal.abort(new HookeError("stopped: by hand."));
  await expect(integratedGradients(model, training, { ...output, signal: stop })).rejects.toThrow("stopped: by hand.");
});
