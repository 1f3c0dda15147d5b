// The preset as a user meets it: lengths, padding, JSON, training, refusals. Parity with PyTorch is tested in testkit.
import {
  adam,
  apply,
  fit,
  initialize,
  layerFromJson,
  mse,
  predict,
  summary,
  type TensorTree,
  type Variables,
} from "@hooke/core";
import { dataset } from "@hooke/data";
import {
  array,
  grad,
  type HostArray,
  randomKey,
  referenceBackend,
  run,
  square,
  sum,
  type Tensor,
  type Tree,
  treeLeaves,
} from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { attention, type SequenceTransformerConfig, sequenceTransformer } from "../index.ts";
import { small, waves } from "../small.fixture.ts";

const backend = referenceBackend();
const x = waves([2, 4, 3]);

describe("sequenceTransformer", () => {
  const variants: readonly Partial<SequenceTransformerConfig>[] = [
    {},
    { pooling: "classToken" },
    { pooling: "last", causal: true },
    { positions: "learned", length: 4, pooling: "classToken" },
    { positions: "rotary" },
    { positions: "none", norm: "post" },
    { dropout: 0.2, pooling: "last" },
  ];

  it.each(variants)("with %o ignores what is behind the length, and is JSON", async (variant) => {
    const model = layerFromJson(JSON.parse(JSON.stringify(sequenceTransformer({ ...small, ...variant }))), [attention]);
    const variables = await initialize(
      backend,
      model,
      { shape: [4, 3], extras: { lengths: { shape: [], dtype: "i32" } } },
      0,
    );
    const changed = { ...x, data: x.data.map((entry, i) => (Math.floor(i / 3) % 4 === 3 ? Number.NaN : entry)) };
    const outputs = (given: HostArray) =>
      run(
        backend,
        (all: Variables, input: Tensor, lengths: Tensor) => apply(model, all, input, { extras: { lengths } }).output,
        variables,
        given,
        array([3, 2], { dtype: "i32" }),
      );
    const [before, after] = [await outputs(x), await outputs(changed)];
    expect(before.shape).toEqual([2, 2]);
    expect([...before.data].every(Number.isFinite)).toBe(true);
    expect(after.data).toEqual(before.data);
  });

  it.each(variants)("with %o gets finite derivatives from what is behind the length, even NaN", async (variant) => {
    const model = sequenceTransformer({ ...small, ...variant, dropout: 0 });
    const variables = await initialize(backend, model, [4, 3], 0);
    const padded = (filling: number) => ({
      ...x,
      data: x.data.map((v, i) => (Math.floor(i / 3) % 4 > 1 ? filling : v)),
    });
    const look = (all: Variables, input: Tensor, lengths: Tensor) =>
      grad((params: TensorTree) =>
        sum(square(apply(model, { ...all, params }, input, { extras: { lengths } }).output)),
      )(all.params);
    const lengths = array([2, 1], { dtype: "i32" });
    const [zeros, nans] = [0, Number.NaN].map((filling) => run(backend, look, variables, padded(filling), lengths));
    const found = (await nans) as Tree<HostArray>;
    expect(found).toEqual(await zeros);
    for (const { path, value } of treeLeaves<HostArray>(found)) {
      expect([...value.data].every(Number.isFinite), path).toBe(true);
    }
  });

  it("gives finite outputs for sequences of length 0, and draws dropout in training", async () => {
    const model = sequenceTransformer({ ...small, dropout: 0.5 });
    const variables = await initialize(backend, model, [4, 3], 0);
    const outputs = (training: boolean) =>
      run(
        backend,
        (all: Variables, input: Tensor, lengths: Tensor, key: Tensor) =>
          apply(model, all, input, { extras: { lengths }, training, key }).output,
        variables,
        x,
        array([0, 4], { dtype: "i32" }),
        randomKey(3),
      );
    const [inference, training] = [await outputs(false), await outputs(true)];
    expect([...inference.data, ...training.data].every(Number.isFinite)).toBe(true);
    expect(training.data.slice(2)).not.toEqual(inference.data.slice(2));
  });

  it("learns, with lengths that stay with their rows", async () => {
    const lengths = array([1, 2, 3, 4, 2, 3], { dtype: "i32" });
    const inputs = waves([6, 4, 2]);
    const targets = array([...lengths.data].map((length) => [length / 4]));
    const train = dataset({ inputs, targets, extras: { lengths } });
    const model = sequenceTransformer({ ...small, outputs: 1 });
    const settings = { backend, model, loss: mse(), optimizer: adam(), learningRate: 0.02, batchSize: 6, seed: 0 };
    const result = await fit({ ...settings, epochs: 40, data: { train } });
    expect(result.history.at(-1)!.loss).toBeLessThan(result.history[0]!.loss / 5);
    const predicted = await predict(result.model, inputs, { backend, extras: { lengths } });
    expect(predicted.shape).toEqual([6, 1]);
  });

  it("refuses what cannot work", () => {
    expect(() => sequenceTransformer({ ...small, positions: "learned" })).toThrow("need the option length");
    expect(() => sequenceTransformer({ ...small, length: 9 })).toThrow("only learned ones have one");
    expect(() => sequenceTransformer({ ...small, pooling: "classToken", causal: true })).toThrow(
      "use the pooling last",
    );
    expect(() => sequenceTransformer({ ...small, width: 5 })).toThrow("give a multiple of the heads");
    expect(() => summary(sequenceTransformer(small), [0, 3])).toThrow("sequences of at least one position");
  });
});
