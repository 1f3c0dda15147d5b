// The layers as a user meets them: shapes, extras, reports, positions, refusals. Parity with PyTorch is tested in testkit.
import {
  adam,
  apply,
  dataset,
  fit,
  initialize,
  layerFromJson,
  mse,
  predict,
  summary,
  type Variables,
} from "@hooke/core";
import { array, type HostArray, randomKey, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import {
  attention,
  learnedPositions,
  multiHeadAttention,
  rotary,
  type SequenceTransformerConfig,
  sequenceTransformer,
  singleHeadAttention,
  transformerDecoder,
  transformerEncoder,
} from "./index.ts";

const backend = referenceBackend();
const waves = (shape: readonly [number, number, number]) =>
  array(
    Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => Math.sin(i * 2.3)),
    { shape },
  );
const x = waves([2, 4, 3]);

/** Runs what TypeScript would follow too deep into the tree of variables. */
const runOn = (fn: (...args: never[]) => unknown, ...args: readonly unknown[]): Promise<HostArray> =>
  run(backend, fn as never, ...(args as never[])) as Promise<unknown> as Promise<HostArray>;

const small = { outputs: 2, width: 4, heads: 2, blocks: 1, feedForwardSize: 4 };

describe("multiHeadAttention", () => {
  it("counts PyTorch's parameters", () => {
    expect(summary(multiHeadAttention({ units: 8, heads: 2 }), [5, 8]).parameters).toBe(4 * (8 * 8 + 8));
    expect(
      summary(transformerEncoder({ width: 64, heads: 4, feedForwardSize: 256, blocks: 2 }), [9, 64]).parameters,
    ).toBe(2 * 49_984 + 128);
  });

  it("reports weights whose rows sum to 1", async () => {
    const model = transformerEncoder({ width: 4, heads: 2, blocks: 1 });
    const given = waves([2, 3, 4]);
    const variables = await initialize(backend, model, [3, 4], 0);
    const { shape, data } = await runOn(
      (all: Variables, input: Tensor) => {
        const { reports } = apply(model, all, input) as unknown as {
          readonly reports: { readonly 0: { readonly attention: { readonly weights: Tensor } } };
        };
        return sum(reports[0].attention.weights, { axes: -1 });
      },
      variables,
      given,
    );
    expect(shape).toEqual([2, 2, 3]);
    for (const total of data) expect(total).toBeCloseTo(1, 6);
  });

  it("refuses heads that do not fit, and a missing memory", () => {
    expect(() => multiHeadAttention({ units: 6, heads: 4 })).toThrow(
      "multiHeadAttention: received 6 units and 4 heads; give a multiple of the heads.",
    );
    expect(() => multiHeadAttention({ units: 6, heads: 2, rotary: true })).toThrow("need an even number");
    expect(() => multiHeadAttention({ units: 4, heads: 2, source: "other" as never })).toThrow(
      'option "source" is "other"; expected one of "self", "memory".',
    );
    expect(() => summary(transformerDecoder({ width: 4, heads: 2, blocks: 1 }), [5, 4])).toThrow(
      "0.crossAttention (multiHeadAttention): expected the extra memory [1, positions, features] to attend to, received none.",
    );
    expect(() => summary(singleHeadAttention({ units: 2 }), [3])).toThrow("expected [batch, positions, features]");
  });
});

it("a decoder reads a memory of another width and length", () => {
  const model = transformerDecoder({ width: 4, heads: 2, blocks: 2, feedForwardSize: 6 });
  const { rows } = summary(model, { shape: [5, 4], extras: { memory: { shape: [7, 3] } } });
  expect(rows.at(-1)!.outputShape).toEqual([5, 4]);
});

it("rotary products depend on the difference of positions only", async () => {
  const row = [0.3, -1.2, 0.7, 2];
  const turned = await run(backend, (given: Tensor) => rotary(given), array([row, row, row], { dtype: "f64" }));
  const at = (p: number): number[] => [...turned.data.slice(4 * p, 4 * p + 4)];
  const dot = (a: number[], b: number[]): number => a.reduce((total, entry, i) => total + entry * b[i]!, 0);
  expect(at(0)).toEqual(row);
  expect(dot(at(0), at(1))).toBeCloseTo(dot(at(1), at(2)), 12);
});

it("learned positions refuse longer inputs", () => {
  expect(() => summary(learnedPositions({ length: 4 }), [5, 2])).toThrow(
    "expected [batch, positions, width] with at most 4 positions, received [batch, 5, 2].",
  );
});

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
    const changed = { ...x, data: x.data.map((entry, i) => (Math.floor(i / 3) % 4 === 3 ? 9 : entry)) };
    const outputs = (given: HostArray) =>
      runOn(
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

  it("gives finite outputs for sequences of length 0, and draws dropout in training", async () => {
    const model = sequenceTransformer({ ...small, dropout: 0.5 });
    const variables = await initialize(backend, model, [4, 3], 0);
    const outputs = (training: boolean) =>
      runOn(
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
  });
});
