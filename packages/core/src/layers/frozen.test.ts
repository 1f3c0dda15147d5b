// Frozen layers stay to the bit: parameters under weight decay, running statistics, no dropout.

import { dataset } from "@hooke/data";
import {
  abs,
  add,
  array,
  type HostArray,
  mean,
  mul,
  referenceBackend,
  reshape,
  square,
  sub,
  sum,
  type Tensor,
  treeLeaves,
} from "@hooke/runtime";
import { expect, it } from "vitest";
import type { Loss } from "../losses/loss.ts";
import { mse } from "../losses/regression.ts";
import { initialize } from "../model/init.ts";
import { layerFromJson } from "../model/json.ts";
import { adamw } from "../optimizers/adam.ts";
import { clipByGlobalNorm } from "../optimizers/clip.ts";
import { chain } from "../optimizers/optimizer.ts";
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
const toSum: Loss = (predictions, targets) => mean(square(sub(sum(predictions, { axes: -1 }), reshape(targets, [-1]))));
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
  expect(Object.keys(before).filter((path) => path.startsWith("params.body.1"))).toHaveLength(2);
});

it("optimizers see the other parameters alone: their slots, the norm of their gradients", async () => {
  const plain = { ...options, learningRate: 0.05, optimizer: adamw() };
  const { slots } = await fit(plain);
  const paths = treeLeaves<HostArray>(slots).map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => path.includes("body"))).toEqual([]);

  // A penalty with a steep derivative in frozen weights: clipped together with it, that of the head would be next to nothing.
  const steep = (params: unknown): Tensor => {
    const leaves = treeLeaves<Tensor>(params as never).filter(({ path }) => path.startsWith("body"));
    return leaves.map(({ value }) => mul(sum(abs(value)), 1e6)).reduce((a, b) => add(a, b));
  };
  const clipped = { ...plain, optimizer: chain(clipByGlobalNorm(0.1), sgd()) };
  const head = async (given: typeof clipped & { penalty?: typeof steep }) =>
    treeLeaves<HostArray>((await fit(given)).model.variables.params).filter(({ path }) => path.startsWith("head"));
  expect(await head({ ...clipped, penalty: steep })).toEqual(await head(clipped));
});

it("a training with frozen layers resumes to the bits of the uninterrupted one", async () => {
  const run = async (resume?: Uint8Array): Promise<Uint8Array[]> => {
    const saved: Uint8Array[] = [];
    const checkpoint = { every: 1, save: (bytes: Uint8Array) => void saved.push(bytes) };
    await fit({
      ...options,
      optimizer: adamw({ weightDecay: 0.1 }),
      learningRate: 0.05,
      checkpoint,
      ...(resume && { resume }),
    });
    return saved;
  };
  const whole = await run();
  for (const bytes of [whole[0]!, whole[4]!]) expect((await run(bytes)).at(-1)).toEqual(whole.at(-1));
});

it("refuses to train a model that is frozen as a whole", async () => {
  const given = { ...options, model: frozen(dense({ units: 1 })), optimizer: sgd(), learningRate: 0.1 };
  await expect(fit(given)).rejects.toThrow(
    "train: all parameters of the model (frozen) are frozen; leave the layers to train",
  );
});

it("trained weights go into a frozen model and back as they are", async () => {
  const open = sequential({ body, head: dense({ units: 1 }) });
  const given = { ...options, optimizer: adamw(), learningRate: 0.05 };
  const first = (await fit({ ...given, model: open })).model.variables;
  const tuned = (await fit({ ...given, variables: first })).model.variables;
  const again = (await fit({ ...given, model: open, variables: tuned })).model.variables;
  const of = (variables: typeof first, part: string) =>
    treeLeaves<HostArray>(variables as never).filter(({ path }) => path.includes(part));
  expect(of(tuned, "body")).toEqual(of(first, "body"));
  expect(of(tuned, "head")).not.toEqual(of(first, "head"));
  expect(of(again, "body")).not.toEqual(of(tuned, "body"));
});

it("a body trained elsewhere is put in its place by name", async () => {
  const pretrained = (await fit({ ...options, model: body, data, optimizer: sgd(), learningRate: 0.01, loss: toSum }))
    .model;
  const fresh = await initialize(options.backend, model, [1], 0);
  const place = (part: "params" | "state") =>
    ({ ...fresh[part], body: pretrained.variables[part] }) as typeof fresh.params;
  const variables = { params: place("params"), state: place("state") };
  const trained = (await fit({ ...options, variables, optimizer: sgd(), learningRate: 0.01 })).model.variables;
  expect((trained.params as { body: unknown }).body).toEqual(pretrained.variables.params);
  expect((trained.state as { body: unknown }).body).toEqual(pretrained.variables.state);
});

it("is JSON, and wraps layers only", () => {
  expect(JSON.stringify(layerFromJson(JSON.parse(JSON.stringify(model)), [core]))).toBe(JSON.stringify(model));
  expect(() => frozen(3 as never)).toThrow(
    "frozen: received 3; expected a layer, such as sequential([dense({ units: 1 })]).",
  );
});
