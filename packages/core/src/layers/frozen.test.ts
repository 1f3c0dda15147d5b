// Frozen layers stay to the bit: parameters under weight decay, running statistics, no dropout.
import { array, type HostArray, referenceBackend, treeLeaves } from "@hooke/runtime";
import { expect, it } from "vitest";
import { dataset } from "../data/dataset.ts";
import { initialize } from "../layer/init.ts";
import { layerFromJson } from "../layer/json.ts";
import { mse } from "../losses/regression.ts";
import { adamw } from "../optimizers/adam.ts";
import { sgd } from "../optimizers/sgd.ts";
import { core } from "../plugin.ts";
import { fit } from "../training/fit.ts";
import { batchNorm } from "./batch-norm.ts";
import { dense } from "./dense.ts";
import { dropout } from "./dropout.ts";
import { frozen } from "./frozen.ts";
import { sequential } from "./sequential.ts";

const body = sequential([dense({ units: 4, activation: "tanh" }), batchNorm(), dropout({ rate: 0.5 })]);
const model = sequential({ body: frozen(body), head: dense({ units: 1 }) });
const data = {
  train: dataset({ inputs: array([[0], [1], [2], [3]]), targets: array([[1], [3], [5], [7]]) }),
};
const options = { backend: referenceBackend(), model, data, loss: mse(), epochs: 5, batchSize: 2, seed: 0 };

it.each([
  ["adamw with weight decay", adamw({ weightDecay: 0.1 })],
  ["sgd with weight decay and momentum", sgd({ weightDecay: 0.1, momentum: 0.9 })],
])("%s", async (_, optimizer) => {
  const variables = await initialize(options.backend, model, [1], 0);
  const trained = (await fit({ ...options, optimizer, learningRate: 0.05, variables })).model.variables;
  const leaves = (part: typeof variables) =>
    Object.fromEntries(treeLeaves<HostArray>(part as never).map(({ path, value }) => [path, [...value.data]]));
  const [before, after] = [leaves(variables), leaves(trained)];
  for (const [path, values] of Object.entries(before)) {
    if (path.includes("head")) expect(after[path], path).not.toEqual(values);
    else expect(after[path], path).toEqual(values);
  }
  expect(Object.keys(before).filter((path) => path.startsWith("params.body.layer.1"))).toHaveLength(2);
});

it("is JSON, and wraps layers only", () => {
  expect(JSON.stringify(layerFromJson(JSON.parse(JSON.stringify(model)), [core]))).toBe(JSON.stringify(model));
  expect(() => frozen(3 as never)).toThrow("frozen: expected a layer, such as dense({ units: 1 }).");
});
