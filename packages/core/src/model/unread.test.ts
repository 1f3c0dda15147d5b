// What reaches a model and no layer reads, or does not fit, is refused: extras by name, carried tensors by path.

import { dataset, padSequences } from "@hooke/data";
import { array, full, type HostArray, mean, mul, referenceBackend, run, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { dense } from "../layers/dense.ts";
import { sequential } from "../layers/sequential.ts";
import { mse } from "../losses/regression.ts";
import { sgd } from "../optimizers/sgd.ts";
import { fit } from "../training/fit.ts";
import { apply } from "./apply.ts";
import { defineLayer, type LayerContext, type NoOptions } from "./define-layer.ts";
import { runningSum, scaled } from "./extras.fixture.ts";
import { initialize } from "./init.ts";
import type { Layer } from "./layer.ts";
import { summary } from "./summary.ts";
import type { TensorTree } from "./variables.ts";

const backend = referenceBackend();
const none = { params: {}, state: {} };

const outputOf = (model: Layer, extras: Record<string, Tensor>, x: Tensor): Tensor =>
  apply(model, none, x, { extras }).output;

describe("what no layer reads is refused", () => {
  const reading = sequential([scaled(), dense({ units: 1 })]);
  const rows = (count: number) => array(Array.from({ length: count }, () => [1]));
  const misspelt =
    'sequential: received the extra "scales", which none of its layers reads. They read "scale". Did you mean "scale"?';

  it("by init and summary", async () => {
    const input = { shape: [1], extras: { scales: { shape: [] } } };
    await expect(initialize(backend, reading, input, 0)).rejects.toThrow(misspelt);
    expect(() => summary(reading, input)).toThrow(misspelt);
    expect(() => summary(dense({ units: 1 }), input)).toThrow(
      'dense: received the extra "scales", which none of its layers reads. They read none.',
    );
  });

  it("by apply, and so before a training begins", async () => {
    const apart = run(backend, (x: Tensor) => outputOf(scaled(), { scales: x, scale: mul(x, 2) }, x), array([1, 2]));
    await expect(apart).rejects.toThrow('test/scaled: received the extra "scales"');
    const train = dataset({ inputs: rows(2), targets: rows(2), extras: { scales: array([1, 2]) } });
    const settings = { loss: mse(), optimizer: sgd(), learningRate: 0.1, epochs: 1, batchSize: 2, seed: 0 };
    await expect(fit({ ...settings, backend, model: reading, data: { train } })).rejects.toThrow(misspelt);
  });

  it("also where a parent gives its children another tensor under the same name", async () => {
    const replacing = defineLayer({
      type: "test/replacing",
      children: (_: NoOptions) => ({ inner: scaled() }),
      apply: ({ children: { inner } }, x) => inner(x, { scale: mul(x, 2) }),
    });
    const result = run(backend, (x: Tensor) => outputOf(replacing(), { scale: x }, x), array([1, 2]));
    await expect(result).rejects.toThrow('test/replacing: received the extra "scale", which none of its layers reads.');
  });

  it("but not lengths where every step is predicted and judged: padding counts nowhere", async () => {
    const settings = { optimizer: sgd(), learningRate: 0.1, epochs: 2, seed: 0, shuffle: false, backend };
    const model = sequential([dense({ units: 2 }), dense({ units: 1 })]);
    const lossOf = async (steps: number[][][], batchSize: number) => {
      const train = dataset(padSequences(steps, steps));
      const { history } = await fit({ ...settings, loss: mse(), model, batchSize, data: { train } });
      return history[1]!.loss;
    };
    const apart = await lossOf([[[1]], [[2]], [[3]]], 3);
    expect(await lossOf([[[1], [2]], [[3]]], 2)).toBeCloseTo(apart, 6);

    const { inputs, extras } = padSequences([[[1], [2]], [[3]]], [[[1], [2]], [[3]]]);
    const ofRows = (targets: HostArray) => ({
      ...settings,
      batchSize: 2,
      data: { train: dataset({ inputs, targets, extras }) },
    });
    const pooled = (predictions: Tensor): Tensor => mean(predictions);
    for (const targets of [array([[1], [2]]), array([1, 2], { dtype: "i32" })]) {
      const training = fit({ ...ofRows(targets), model, loss: pooled });
      await expect(training).rejects.toThrow("predicts f32[2, 2, 1], expected the shape of the targets");
    }
  });

  it("but not what a layer asks for and has no use for", async () => {
    const training = defineLayer({
      type: "test/training",
      apply: ({ extras: { scale }, training: on }: LayerContext<NoOptions>, x) => (on ? mul(x, scale!) : x),
    });
    const result = await run(backend, (x: Tensor) => outputOf(training(), { scale: mul(x, 2) }, x), array([1, 2]));
    expect([...result.data]).toEqual([1, 2]);
  });

  it("of carried tensors too, by path", async () => {
    const model = sequential({ total: runningSum() });
    const carrying = (carry: (x: Tensor) => TensorTree) =>
      run(backend, (x: Tensor) => apply(model, none, x, { carry: carry(x) }).output, array([[1], [2]]));
    await expect(carrying((x) => ({ total: { totals: x } }))).rejects.toThrow(
      'sequential: received the carried tensor "total.totals", which none of its layers reads. They read "total.total". ' +
        'Did you mean "total.total"?',
    );
    await expect(carrying((x) => ({ total: x }))).rejects.toThrow('received the carried tensor "total"');
    expect((await carrying((x) => ({ total: { total: x } }))).data).toEqual(Float32Array.of(2, 4));
  });
});

it("carried tensors that do not fit are refused, with the layer and both shapes", async () => {
  const model = sequential({ total: runningSum() });
  const carrying = (shape: readonly number[], dtype: "f32" | "f64" = "f32") =>
    run(
      backend,
      (x: Tensor) => apply(model, none, x, { carry: { total: { total: full(shape, 0, dtype) } } }).output,
      array([[1]]),
    );
  await expect(carrying([4, 1])).rejects.toThrow(
    'total (test/runningSum): received the carried "total.total" f32[4, 1], expected f32[1, 1]; ' +
      "carry what the application before this one returned, for the same sequences.",
  );
  await expect(carrying([1])).rejects.toThrow("f32[1], expected f32[1, 1]");
  await expect(carrying([1, 1], "f64")).rejects.toThrow("f64[1, 1], expected f32[1, 1]");
});
