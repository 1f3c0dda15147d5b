// Training attention on sequences of different lengths, none among them: padding reaches nothing, whatever stands in it.
import { adam, dense, fit, mse, sequential } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { dataset } from "@hooke/data";
import { array, referenceBackend } from "@hooke/runtime";
import { expect, it } from "vitest";
import { multiHeadAttention } from "./index.ts";

it.each([[[2, 4, 1]], [[2, 0, 3]]])("lengths %j", async (lengths) => {
  const outcome = async (filling: number) => {
    const x = array(lengths.map((length) => [1, 2, 3, 4].map((value, step) => [step < length ? value : filling])));
    const data = dataset({ inputs: x, targets: x, extras: { lengths: array(lengths, { dtype: "i32" }) } });
    const { model, history } = await fit({
      ...{
        backend: referenceBackend(),
        loss: mse(),
        optimizer: adam(),
        learningRate: 0.01,
        batchSize: 2,
        epochs: 2,
        seed: 0,
      },
      model: sequential([dense({ units: 4 }), multiHeadAttention({ heads: 2, units: 4 }), dense({ units: 1 })]),
      data: { train: data, validation: data },
    });
    return { history, bytes: encodeModel(model) };
  };
  const clean = await outcome(0);
  expect(clean.history[1]!.validation!.loss).toBeGreaterThan(0);
  for (const filling of [100, Number.NaN]) expect(await outcome(filling)).toEqual(clean);
});
