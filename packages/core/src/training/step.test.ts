// The bare training step: what a benchmark or an own loop uses.
import { array, referenceBackend } from "@hooke/runtime";
import { expect, test } from "vitest";
import { dense } from "../layers/dense.ts";
import { mse } from "../losses/regression.ts";
import { initialize } from "../model/init.ts";
import { adam } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { createTrainer } from "./step.ts";
import { bentLine, bits, richModel } from "./training.fixture.ts";

const backend = referenceBackend();
const line = { inputs: array([[1], [2]]), targets: array([[1], [3]]) };
const start = { params: { kernel: array([[1]]), bias: array([0]) }, state: {} };

test("one step of gradient descent on a line, by hand", async () => {
  const trainer = createTrainer({
    backend,
    model: dense({ units: 1 }),
    loss: mse(),
    optimizer: sgd(),
    seed: 0,
    variables: start,
  });
  const step = await trainer.prepare(line);
  const loss = step.run(line, { step: 1, learningRate: 0.5 });
  // Residuals 0 and -1: loss 1/2, gradients mean(2 r x) = -2 and mean(2 r) = -1.
  expect((await backend.read(loss)).data[0]).toBe(0.5);
  const { params } = await trainer.read();
  expect(params).toEqual({ kernel: array([[2]]), bias: array([0.5]) });
  trainer.free();
});

test("a step is prepared once for each batch shape", async () => {
  const trainer = createTrainer({
    backend,
    model: dense({ units: 1 }),
    loss: mse(),
    optimizer: sgd(),
    seed: 0,
    variables: start,
  });
  const shorter = { inputs: array([[1]]), targets: array([[1]]) };
  expect(await trainer.prepare(line)).toBe(await trainer.prepare(line));
  expect(await trainer.prepare(shorter)).not.toBe(await trainer.prepare(line));
  trainer.free();
});

test("a loss that is not finite leaves parameters, state and slots as they were", async () => {
  const model = richModel();
  const variables = await initialize(backend, model, [2], 0);
  const optimizer = adam();
  const trainer = createTrainer({ backend, model, loss: mse(), optimizer, seed: 0, variables });
  const { inputs, targets } = bentLine(4);
  const step = await trainer.prepare({ inputs, targets });
  backend.free(step.run({ inputs, targets }, { step: 1, learningRate: 0.1 }));
  const before = bits({ ...(await trainer.read()) });
  const bad = { inputs: { ...inputs, data: inputs.data.slice().fill(Number.NaN, 3, 4) }, targets };
  const loss = step.run(bad, { step: 2, learningRate: 0.1 });
  expect((await backend.read(loss)).data[0]).toBeNaN();
  expect(bits({ ...(await trainer.read()) })).toEqual(before);
  backend.free(step.run({ inputs, targets }, { step: 2, learningRate: 0.1 }));
  expect(bits({ ...(await trainer.read()) })).not.toEqual(before);
  trainer.free();
});
