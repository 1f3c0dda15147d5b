// Columns of every path are those of the training by name: in another order they are put right, others are refused.

import { type Dataset, dataset, fitPreprocessing, metrics, standardize } from "@hooke/data";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../checkpoint/model.ts";
import { dense } from "../layers/dense.ts";
import { mse } from "../losses/regression.ts";
import { sgd } from "../optimizers/sgd.ts";
import { evaluate } from "./evaluate.ts";
import { fit } from "./fit.ts";
import { predict } from "./predict.ts";

const backend = referenceBackend();
const rows = [
  [1, 10],
  [2, 40],
  [3, 20],
];
const targets = [[12], [44], [26]];

const of = (names: readonly string[], values = rows, targetNames = ["y"]): Dataset =>
  dataset({ inputs: array(values), targets: array(targets), inputNames: names, targetNames, source: "rows.csv" });
const turned = rows.map(([a, b]) => [b!, a!]);

describe.each([
  ["without preprocessing", undefined],
  ["with preprocessing", fitPreprocessing(of(["a", "b"]), { inputs: standardize() })],
])("%s", (_, preprocessing) => {
  const common = {
    backend,
    model: dense({ units: 1 }),
    loss: mse(),
    optimizer: sgd(),
    learningRate: 1e-4,
    epochs: 3,
    batchSize: 3,
    seed: 0,
    metrics: [metrics.rmse],
    ...(preprocessing && { preprocessing }),
  };
  const trained = (validation: Dataset) => fit({ ...common, data: { train: of(["a", "b"]), validation } });
  const say = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "nothing was thrown",
      (error) => `${error.code}: ${error.message}`,
    );

  test("another order is put right", async () => {
    const same = await trained(of(["a", "b"]));
    const other = await trained(of(["b", "a"], turned));
    expect(other.history).toEqual(same.history);
    const model = decodeModel(encodeModel(same.model), { layer: common.model });
    for (const loss of [undefined, mse()]) {
      const options = { backend, metrics: [metrics.rmse], ...(loss && { loss }) };
      const expected = await evaluate(model, of(["a", "b"]), options);
      expect(await evaluate(model, of(["b", "a"], turned), options)).toEqual(expected);
    }
    const predicted = await predict(model, array(rows), { backend });
    expect(await predict(model, of(["b", "a"], turned), { backend })).toEqual(predicted);
  });

  test("other names are refused", async () => {
    const { model } = await trained(of(["a", "b"]));
    const others = of(["a", "p"]);
    const message =
      'mismatch: rows.csv: the inputs are "a", "p"; the model was trained on "a", "b". They lack "b". The model knows no "p".';
    for (const paths of [
      trained(others),
      evaluate(model, others, { backend, loss: mse() }),
      evaluate(model, others, { backend, metrics: [metrics.rmse] }),
      predict(model, others, { backend }),
    ]) {
      expect(await say(paths)).toContain(message);
    }
    const target = of(["a", "b"], rows, ["z"]);
    expect(await say(evaluate(model, target, { backend, loss: mse() }))).toContain('the targets are "z"');
  });
});

test("columns of targets are put right too", async () => {
  const two = (names: readonly string[], values: readonly number[][]): Dataset =>
    dataset({ inputs: array(rows), targets: array(values), targetNames: names });
  const part = two(
    ["u", "v"],
    [
      [1, 2],
      [3, 4],
      [5, 7],
    ],
  );
  const other = two(
    ["v", "u"],
    [
      [2, 1],
      [4, 3],
      [7, 5],
    ],
  );
  const { model } = await fit({
    backend,
    model: dense({ units: 2 }),
    loss: mse(),
    optimizer: sgd(),
    learningRate: 1e-4,
    epochs: 1,
    batchSize: 3,
    seed: 0,
    data: { train: part },
  });
  const options = { backend, loss: mse(), metrics: [metrics.mae] };
  expect(await evaluate(model, other, options)).toEqual(await evaluate(model, part, options));
  const shape = (values: HostArray): readonly number[] => values.shape;
  expect(shape(await predict(model, part, { backend }))).toEqual([3, 2]);
});
