// The layers as a user meets them: shapes, extras, reports, positions, refusals. Parity with PyTorch is tested in testkit.
import { apply, type Extras, init, initialize, type Layer, summary, type Variables } from "@hooke/core";
import { array, type HostArray, randomKey, record, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import {
  attentionWeightsOf,
  learnedPositions,
  multiHeadAttention,
  rotary,
  sequenceTransformer,
  singleHeadAttention,
  sinusoidalPositions,
  transformerDecoder,
  transformerEncoder,
} from "./index.ts";
import { small, waves } from "./small.fixture.ts";

const backend = referenceBackend();
const x = waves([2, 4, 3]);

describe("multiHeadAttention", () => {
  it("counts PyTorch's parameters", () => {
    expect(summary(multiHeadAttention({ units: 8, heads: 2 }), [5, 8]).parameters).toBe(4 * (8 * 8 + 8));
    expect(
      summary(transformerEncoder({ width: 64, heads: 4, feedForwardSize: 256, blocks: 2 }), [9, 64]).parameters,
    ).toBe(2 * 49_984 + 128);
  });

  it("reports weights whose rows sum to 1", async () => {
    const model = transformerEncoder({ width: 4, heads: 2, blocks: 1 });
    const variables = await initialize(backend, model, [3, 4], 0);
    const look = (all: Variables, input: Tensor) => {
      const { reports } = apply(model, all, input);
      return { reports, totals: sum(attentionWeightsOf(reports, "0.attention"), { axes: -1 }) };
    };
    const found = await run(backend, look, variables, waves([2, 3, 4]));
    const { shape, data } = found.totals;
    expect(attentionWeightsOf(found.reports, "0.attention").shape).toEqual([2, 2, 3, 3]);
    expect(() => attentionWeightsOf(found.reports, "attention")).toThrow(
      'attentionWeightsOf: no layer "attention" reported weights; "0.attention" did.',
    );
    expect(() => attentionWeightsOf<HostArray>({}, "")).toThrow('no layer "" reported weights; none did.');
    expect(shape).toEqual([2, 2, 3]);
    for (const total of data) expect(total).toBeCloseTo(1, 6);
  });

  it("refuses heads that do not fit, and a missing memory", () => {
    expect(() => multiHeadAttention({ units: 6, heads: 4 })).toThrow(
      "multiHeadAttention: received 6 units and 4 heads; give a multiple of the heads.",
    );
    expect(() => multiHeadAttention({ units: 6, heads: 2, rotary: true })).toThrow("need an even number");
    expect(() => multiHeadAttention({ units: 8, heads: 2, rotary: { layout: "interleaved" as never } })).toThrow(
      'option "rotary": rotary: option "layout" is "interleaved"; expected one of "neighbours", "halves".',
    );
    expect(() => multiHeadAttention({ units: 4, heads: 2, source: "other" as never })).toThrow(
      'option "source" is "other"; expected one of "self", "memory".',
    );
    expect(() => summary(transformerDecoder({ width: 4, heads: 2, blocks: 1 }), [5, 4])).toThrow(
      "0.crossAttention (multiHeadAttention): expected the extra memory [1, positions, features] to attend to, received none.",
    );
    expect(() => summary(singleHeadAttention({ units: 2 }), [3])).toThrow("expected [batch, positions, features]");
  });
});

describe("lengths are one whole number (i32) for each row", () => {
  const layers: readonly (readonly [string, Layer, "lengths" | "memoryLengths"])[] = [
    ["singleHeadAttention", singleHeadAttention({ units: 3 }), "lengths"],
    ["multiHeadAttention", multiHeadAttention({ units: 4, heads: 2 }), "lengths"],
    ["a memory", multiHeadAttention({ units: 4, heads: 2, source: "memory" }), "memoryLengths"],
    ["mean", sequenceTransformer(small), "lengths"],
    ["last", sequenceTransformer({ ...small, pooling: "last" }), "lengths"],
    ["classToken", sequenceTransformer({ ...small, pooling: "classToken" }), "lengths"],
  ];
  const wrong: readonly HostArray[] = [
    array([3], { dtype: "i32" }),
    array([3, 2, 1], { dtype: "i32" }),
    array([3, 2], { dtype: "f32" }),
  ];
  it.each(layers)("%s", async (_, layer, name) => {
    const memory = name === "memoryLengths" ? { memory: waves([2, 5, 3]) } : {};
    const attend = (given: HostArray) => {
      const look = (key: Tensor, input: Tensor, extras: Extras) => {
        const rows = { shape: [4, 3], extras: name === "memoryLengths" ? { memory: { shape: [5, 3] } } : {} };
        return apply(layer, init(layer, rows, key), input, { extras }).output;
      };
      return run(backend, look, randomKey(0), x, { ...memory, [name]: given } as Readonly<Record<string, HostArray>>);
    };
    for (const given of wrong) {
      const received = `${given.dtype}[${given.shape[0]}]`;
      await expect(attend(given)).rejects.toThrow(`received ${name} ${received} for a batch of 2; expected i32[2].`);
    }
    const whole = array([5, 5], { dtype: "i32" });
    const longer = array([99, 5], { dtype: "i32" });
    expect((await attend(longer)).data).toEqual((await attend(whole)).data);
  });
});

describe("masks and biases have an axis for rows, heads, queries and keys", () => {
  const attend = (layer: Layer, extras: Readonly<Record<string, HostArray>>) => {
    const rows = { shape: [4, 3], extras: "memory" in extras ? { memory: { shape: [5, 3] } } : {} };
    const look = (key: Tensor, input: Tensor, given: Extras) =>
      apply(layer, init(layer, rows, key), input, { extras: given }).output;
    return run(backend, look, randomKey(0), x, extras);
  };
  const self = multiHeadAttention({ units: 4, heads: 2 });
  const zeros = (dtype: "f32" | "bool", ...shape: number[]): HostArray =>
    array(new Array(shape.reduce((a, b) => a * b)).fill(0), { shape, dtype });

  it("and are refused by name otherwise", async () => {
    const memory = waves([2, 5, 3]);
    const cross = multiHeadAttention({ units: 4, heads: 2, source: "memory" });
    await expect(attend(self, { attentionMask: zeros("bool", 4, 4) })).rejects.toThrow(
      "multiHeadAttention: received attentionMask bool[4, 4], expected bool[2, 2, 4, 4], where axes may be 1.",
    );
    await expect(attend(self, { attentionBias: zeros("bool", 1, 1, 4, 4) })).rejects.toThrow(
      "expected f32[2, 2, 4, 4]",
    );
    await expect(attend(cross, { memory, memoryMask: zeros("f32", 1, 1, 1, 5) })).rejects.toThrow(
      "received memoryMask f32[1, 1, 1, 5], expected bool[2, 2, 4, 5]",
    );
    await expect(attend(cross, { memory, attentionMask: zeros("bool", 1, 1, 4, 5) })).rejects.toThrow(
      'received the extra "attentionMask", which none of its layers reads',
    );
  });

  it("and give the output's bias, 0 at the start, where they hide everything", async () => {
    const { data } = await attend(self, { attentionMask: zeros("bool", 1, 1, 1, 1) });
    expect(new Set(data)).toEqual(new Set([0]));
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

it("positions need floats in three axes, and a base above 0", () => {
  const whole = { shape: [3, 4], dtype: "i32" } as const;
  expect(() => summary(sinusoidalPositions(), whole)).toThrow(
    "expected [batch, positions, width] in f32 or f64, received i32[1, 3, 4].",
  );
  expect(() => summary(learnedPositions({ length: 3 }), whole)).toThrow("received i32[1, 3, 4].");
  expect(() => record((given: Tensor) => rotary(given), { shape: [3, 4], dtype: "i32" })).toThrow(
    "rotary: received i32[3, 4]; expected floats [..., positions, size] with an even size.",
  );
  for (const base of [0, -1, Number.NaN]) {
    expect(() => record((given: Tensor) => rotary(given, { base }), { shape: [3, 4], dtype: "f32" })).toThrow(
      `rotary: option "base" is ${base}; expected a number above 0.`,
    );
  }
});
