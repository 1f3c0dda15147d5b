// What reaches and leaves a layer besides its input and output: extras, carried tensors, reports; and integer inputs.

import { dataset, split } from "@hooke/data";
import { add, array, convert, gather, mul, referenceBackend, reshape, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { decodeModel, encodeModel } from "../checkpoint/model.ts";
import { dense } from "../layers/dense.ts";
import { sequential } from "../layers/sequential.ts";
import { mse } from "../losses/regression.ts";
import { sgd } from "../optimizers/sgd.ts";
import { evaluate } from "../training/evaluate.ts";
import { fit } from "../training/fit.ts";
import { predict } from "../training/predict.ts";
import { apply } from "./apply.ts";
import { defineLayer, type NoOptions } from "./define-layer.ts";
import { runningSum, scaled } from "./extras.fixture.ts";
import { initialize } from "./init.ts";
import type { Layer } from "./layer.ts";
import { summary } from "./summary.ts";
import type { Variables } from "./variables.ts";

const backend = referenceBackend();
const none = { params: {}, state: {} };

const lookUpRow = defineLayer({
  type: "test/lookUpRow",
  params: ({ rows }: { readonly rows: number }) => ({
    table: { shape: [rows, 2], initializer: "glorotUniform" as const },
  }),
  apply: ({ params: { table } }, x) => gather(table, reshape(x, [x.shape[0]!])),
});

const outputOf = (model: Layer, extras: Record<string, Tensor>, x: Tensor): Tensor =>
  apply(model, none, x, { extras }).output;

describe("extras", () => {
  it("reach every layer below", async () => {
    const model = sequential([scaled(), scaled()]);
    const result = await run(
      backend,
      (x: Tensor, scale: Tensor) => outputOf(model, { scale }, x),
      array([1, 2]),
      array(3),
    );
    expect([...result.data]).toEqual([9, 18]);
  });

  it("are replaced for a child by its parent", async () => {
    const parent = defineLayer({
      type: "test/parent",
      children: (_: NoOptions) => ({ own: scaled(), other: scaled() }),
      apply: ({ children: { own, other } }, x) => add(own(x), other(x, { scale: mul(x, 0) })),
    });
    const result = await run(
      backend,
      (x: Tensor, scale: Tensor) => outputOf(parent(), { scale }, x),
      array([1, 2]),
      array(3),
    );
    expect([...result.data]).toEqual([3, 6]);
  });

  const perRow = defineLayer({
    type: "test/perRow",
    params: (_: NoOptions, shape) => ({ weight: { shape, initializer: "ones" } }),
    apply: ({ params: { weight }, extras: { factor } }, x) => mul(mul(x, weight), reshape(factor!, [x.shape[0]!, 1])),
  });
  const data = dataset({
    inputs: array([[1], [2], [3], [4], [5]]),
    targets: array([[2], [6], [12], [20], [30]]),
    extras: { factor: array([1, 2, 3, 4, 5], { dtype: "f32" }) },
  });
  const options = { backend, model: perRow(), loss: mse(), optimizer: sgd(), epochs: 40, batchSize: 2, seed: 0 };

  it("stay with their rows through split, training, saving and prediction", async () => {
    const parts = split(data, { train: "rest", validation: 2 }, 1);
    const { model } = await fit({ ...options, learningRate: 2e-3, data: parts });
    const source = { layer: perRow() };
    const again = decodeModel(encodeModel(model), source);
    expect(again.inputShape).toEqual({ shape: [1], extras: { factor: { shape: [] } } });
    const predicted = await predict(again, array([[10]]), { backend, extras: { factor: array([7]) } });
    // Inputs times factor, times a weight that has to become 2 for the first row and 1.2 for the last.
    expect(predicted.data[0]).toBeGreaterThan(70);
    expect((await evaluate(model, parts.validation, { backend, loss: mse() })).loss).toBeLessThan(30);
  });

  it("that are missing, unknown or of other rows are refused", async () => {
    const { model } = await fit({ ...options, learningRate: 1e-3, data: { train: data } });
    const one = array([[1]]);
    await expect(predict(model, one, { backend })).rejects.toThrow(
      /takes the extras factor besides its inputs, received no extras/,
    );
    await expect(predict(model, one, { backend, extras: { factor: array([1, 2]) } })).rejects.toThrow(
      /expects extra "factor" \[rows\] for 1 rows, received f32\[2\]/,
    );
    const plain = dataset({ inputs: data.inputs, targets: data.targets });
    await expect(fit({ ...options, learningRate: 1e-3, data: { train: data, validation: plain } })).rejects.toThrow(
      "the training data has the extras factor, the validation data none; give both the same.",
    );
    expect(() => dataset({ inputs: data.inputs, targets: data.targets, extras: { lengths: array([1]) } })).toThrow(
      /received extra "lengths" f32\[1\] for 5 rows/,
    );
  });
});

describe("carried tensors and reports", () => {
  it("are handed from one application to the next, by layer path", async () => {
    const model = sequential({
      scale: dense({ units: 1, bias: false, kernelInitializer: "ones" }),
      total: runningSum(),
    });
    const variables = await initialize(backend, model, [1], 0);
    const result = await run(
      backend,
      ((given: Variables, x: Tensor) => {
        const first = apply(model, given, x);
        const second = apply(model, given, x, { carry: first.carry });
        return { first: first.output, second: second.output, carry: second.carry, reports: second.reports };
      }) as (...args: unknown[]) => unknown,
      variables,
      array([[1], [5]]),
    );
    const { first, second, carry, reports } = result as never as Record<string, { data: Float32Array }> & {
      carry: { total: { total: { data: Float32Array } } };
      reports: { total: { doubled: { data: Float32Array } } };
    };
    expect([...first!.data]).toEqual([1, 5]);
    expect([...second!.data]).toEqual([2, 10]);
    expect([...carry.total.total.data]).toEqual([2, 10]);
    expect([...reports.total.doubled.data]).toEqual([4, 20]);
  });

  it("are empty where no layer has any", async () => {
    await run(
      backend,
      (x: Tensor) => {
        const { carry, reports } = apply(scaled(), none, x);
        expect({ carry, reports }).toEqual({ carry: {}, reports: {} });
        return x;
      },
      array([1]),
    );
  });

  it("of a layer used twice are kept apart", async () => {
    const twice = defineLayer({
      type: "test/twice",
      children: (_: NoOptions) => ({ total: runningSum() }),
      apply: ({ children: { total } }, x) => add(total(x), total(mul(x, 10))),
    });
    const result = await run(
      backend,
      (x: Tensor) => {
        const { carry } = apply(twice(), none, x);
        return apply(twice(), none, x, { carry }).output;
      },
      array([1]),
    );
    expect([...result.data]).toEqual([22]);
  });
});

describe("integer inputs", () => {
  const model = sequential([lookUpRow({ rows: 4 }), dense({ units: 1 })]);
  const indices = array([[0], [1], [2], [3]], { dtype: "i32" });

  it("are initialised, summarised, trained and predicted with", async () => {
    expect(summary(model, { shape: [1], dtype: "i32" }).parameters).toBe(8 + 3);
    const train = dataset({ inputs: indices, targets: array([[1], [-1], [2], [0]]) });
    const result = await fit({
      backend,
      model,
      loss: mse(),
      optimizer: sgd(),
      learningRate: 0.05,
      epochs: 300,
      batchSize: 4,
      seed: 0,
      data: { train },
    });
    expect(result.model.inputShape).toEqual({ shape: [1], dtype: "i32" });
    expect(result.history.at(-1)!.loss).toBeLessThan(1e-2);
    const decoded = decodeModel(encodeModel(result.model), { layer: model });
    expect((await predict(decoded, indices, { backend })).shape).toEqual([4, 1]);
  });

  it("may be converted inside a layer", async () => {
    const result = await run(backend, (x: Tensor) => sum(convert(x, "f32")), indices);
    expect(result.data[0]).toBe(6);
  });
});
