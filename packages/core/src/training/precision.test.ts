// Columns stay f64 until they are preprocessed; single precision is refused where it loses them.

import {
  applyTransform,
  type dataset,
  fitPreprocessing,
  fitTransform,
  metrics,
  parseCsv,
  preprocess,
  standardize,
  tableDataset,
} from "@hooke/data";
import { array, type HostArray, referenceBackend, treeLeaves } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { mse } from "../losses/regression.ts";
import { initialize } from "../model/init.ts";
import { sgd } from "../optimizers/sgd.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import { predict } from "./predict.ts";

const backend = referenceBackend();
/** A minute apart: f32 keeps such seconds to 128. */
const seconds = [1700000000, 1700000060, 1700000120, 1700000180];
const table = parseCsv(`t,y\n${seconds.map((t, i) => `${t},${i + 1}`).join("\n")}`);
const train = tableDataset(table, { target: "y" });
const exact = [-3, -1, 1, 3].map((x) => x / Math.sqrt(5));
const common = { ...{ backend, model: dense({ units: 1 }), loss: mse(), optimizer: sgd() }, batchSize: 4, seed: 0 };

test("standardises seconds since 1970 exactly", () => {
  expect(train.inputs.data).toEqual(Float64Array.from(seconds));
  const fitted = fitTransform(standardize(), train.inputs, train.inputNames);
  expect(fitted).toMatchObject({ mean: [1700000090] });
  const { data } = applyTransform(fitted, train.inputs, train.inputNames);
  for (const [i, value] of exact.entries()) expect(data[i]).toBeCloseTo(value, 14);
});

test("trains in f32 on what preprocessing makes of f64, and predicts from f64", async () => {
  const preprocessing = fitPreprocessing(train, { inputs: standardize() });
  expect(preprocess(preprocessing, train).inputs.dtype).toBe("f64");
  const { model } = await fit({ ...common, data: { train }, learningRate: 0.3, epochs: 60, preprocessing });
  expect(model.variables.params).toMatchObject({ kernel: { dtype: "f32" } });
  const { data, dtype } = await predict(model, array([[1700000030]], { dtype: "f64" }), { backend });
  expect(dtype).toBe("f32");
  expect(data[0]).toBeCloseTo(1.5, 4);
  const judged = await evaluate(model, train, { backend, loss: mse(), metrics: [metrics.rmse] });
  expect(judged.metrics.rmse).toBeLessThan(1e-4);
});

test("predictions of large numbers come back in f64", async () => {
  const times = tableDataset(table, { target: "t" });
  const preprocessing = fitPreprocessing(times, { inputs: standardize(), targets: standardize() });
  const { model } = await fit({ ...common, data: { train: times }, learningRate: 0.3, epochs: 100, preprocessing });
  const { data, dtype } = await predict(model, array([[2.5]]), { backend });
  expect(dtype).toBe("f64");
  expect(data[0]! - 1700000090).toBeCloseTo(0, 2);
});

test("trains in f64 where that is asked for", async () => {
  const { model } = await fit({
    ...common,
    data: { train: tableDataset(parseCsv("x,y\n0,1\n1,3"), { target: "y", dtype: "f64" }) },
    learningRate: 0.1,
    epochs: 1,
  });
  expect(model.variables.params).toMatchObject({ kernel: { dtype: "f64" } });
});

describe("refuses what f32 loses, before training", () => {
  const outcome = (data: ReturnType<typeof dataset>): Promise<string> =>
    fit({ ...common, data: { train: data }, learningRate: 0.1, epochs: 1 }).then(
      () => "nothing was thrown",
      (error) => `${error.code}: ${error.message}`,
    );

  test.each([
    [
      "seconds that f32 cannot tell apart",
      train,
      'invalid-data: csv: single precision moves the values of column "t" by up to 1.0e+2, and their standard deviation is 67. Standardize it',
    ],
    [
      "a number beyond f32",
      tableDataset(parseCsv("x,y\n1e39,1\n2,3"), { target: "y" }),
      "invalid-data: csv: 1e+39 is beyond single precision; standardize its column",
    ],
  ])("%s", async (_, data, message) => {
    expect(await outcome(data)).toContain(message);
  });

  test("but not years, nor a constant", async () => {
    const years = tableDataset(parseCsv("x,c,y\n2001,0.1,1\n2002,0.1,3"), { target: "y" });
    expect(await outcome(years)).not.toContain("single precision");
  });
});

test("variables for rows of f64 are f64 unless they are asked for in another width", async () => {
  const input = { shape: [2], dtype: "f64" } as const;
  const dtypes = async (...dtype: ["f32"?]) => {
    const { params } = await initialize(backend, dense({ units: 1 }), input, 0, ...dtype);
    return treeLeaves<HostArray>(params).map(({ value }) => value.dtype);
  };
  expect(await dtypes()).toEqual(["f64", "f64"]);
  expect(await dtypes("f32")).toEqual(["f32", "f32"]);
  const [f32, f64] = await Promise.all([[2], input].map((shape) => initialize(backend, dense({ units: 1 }), shape, 0)));
  expect(treeLeaves<HostArray>(f32!.params)[0]!.value.dtype).toBe("f32");
  expect(await initialize(backend, dense({ units: 1 }), [2], 0, "f64")).toEqual(f64);
});
