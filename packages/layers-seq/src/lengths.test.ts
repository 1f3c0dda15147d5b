// Sequences of different lengths, beyond parity: refused lengths, padding, and the last step.
import { apply, init, initialize, type Layer, sequential, type TensorTree, type Variables } from "@hooke/core";
import {
  array,
  grad,
  type HostArray,
  randomKey,
  record,
  referenceBackend,
  run,
  square,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { gru, lastStep, lstm, rnn } from "./index.ts";

const backend = referenceBackend();

describe("lengths", () => {
  const model = lstm({ hiddenSize: 2, returns: "last", bidirectional: true });
  const x = array([
    [[1], [-2], [3]],
    [[0.5], [4], [-1]],
  ]);
  const lastOf = async (lengths: number[], dtype: "i32" | "f32" = "i32") => {
    const variables = await initialize(backend, model, [3, 1], 0);
    const forward = (given: Variables, inputs: Tensor, extra: Tensor) =>
      apply(model, given, inputs, { extras: { lengths: extra } }).output;
    return (await run(backend, forward, variables, x, array(lengths, { dtype }))).data;
  };

  it("above the number of steps count as all of them", async () => {
    expect(await lastOf([9, 2])).toEqual(await lastOf([3, 2]));
  });

  it("are one whole number for each row", async () => {
    await expect(lastOf([3])).rejects.toThrow("received lengths i32[1] for a batch of 2; expected i32[2].");
    await expect(lastOf([3, 2], "f32")).rejects.toThrow("received lengths f32[2] for a batch of 2; expected i32[2].");
  });

  it("are read under this name alone", () => {
    const input = { shape: [3, 1], extras: { length: { shape: [], dtype: "i32" } } } as const;
    expect(() => record((key: Tensor) => init(model, input, key).params, randomKey(0))).toThrow(
      'lstm: received the extra "length", which none of its layers reads. They read "lengths". Did you mean "lengths"?',
    );
  });
});

describe("what stands after the end reaches nothing, not even NaN", () => {
  const padded = (filling: number) =>
    array([
      [[1], [2], [filling]],
      [[3], [filling], [filling]],
    ]);
  const lengths = array([2, 1], { dtype: "i32" });
  const options = { hiddenSize: 2, layers: 2, bidirectional: true };
  const models: readonly (readonly [string, Layer])[] = [
    ["lstm", lstm(options)],
    ["gru last", gru({ ...options, returns: "last" })],
    ["rnn", rnn(options)],
    ["lastStep", sequential([gru({ hiddenSize: 2 }), lastStep()])],
  ];

  it.each(models)("%s", async (_, model) => {
    const variables = await initialize(backend, model, [3, 1], 0);
    const all = async (filling: number): Promise<unknown> => {
      const look = (given: Variables, x: Tensor, valid: Tensor) => {
        const loss = (params: TensorTree, inputs: Tensor) =>
          sum(square(apply(model, { ...given, params }, inputs, { extras: { lengths: valid } }).output));
        const inInputs = grad((inputs: Tensor) => loss(given.params, inputs))(x);
        const inParams = grad((params: TensorTree) => loss(params, x))(given.params);
        return { loss: loss(given.params, x), inInputs, inParams };
      };
      return run(backend, look, variables, padded(filling), lengths);
    };
    const found = (await all(Number.NaN)) as Tree<HostArray>;
    expect(found).toEqual(await all(0));
    for (const { path, value } of treeLeaves<HostArray>(found)) {
      expect([...value.data].every(Number.isFinite), path).toBe(true);
    }
  });
});

it("no steps have no last one", () => {
  const empty = { shape: [2, 0, 3], dtype: "f32" } as const;
  const forward = (model: Layer) => (x: Tensor, key: Tensor) => apply(model, init(model, [0, 3], key), x).output;
  const models: readonly Layer[] = [gru({ hiddenSize: 2, returns: "last" }), lastStep()];
  for (const model of models) {
    expect(() => record(forward(model), empty, randomKey(0))).toThrow(
      `${model.type}: expected sequences of at least one step, received`,
    );
  }
});

it("lastStep reads lengths where there are any", async () => {
  const x = array([
    [[1], [2], [3]],
    [[4], [5], [6]],
  ]);
  const none = { params: {}, state: {} };
  const whole = await run(backend, (given: Tensor) => apply(lastStep(), none, given).output, x);
  expect(whole).toEqual(array([[3], [6]]));
  const forward = (given: Tensor, lengths: Tensor) => apply(lastStep(), none, given, { extras: { lengths } }).output;
  expect(await run(backend, forward, x, array([2, 0], { dtype: "i32" }))).toEqual(array([[2], [0]]));
});
