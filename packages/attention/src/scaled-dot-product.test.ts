// Masks, blocks and dropout of scaled dot-product attention. Parity with PyTorch is tested in testkit.
import { array, grad, randomKey, record, referenceBackend, run, square, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { causalMask, paddingMask } from "./mask.ts";
import { type ScaledDotProductOptions, scaledDotProduct } from "./scaled-dot-product.ts";
import { attentionWeights } from "./weights.ts";

const backend = referenceBackend();
const waves = (count: number, shape: readonly number[], shift = 0) =>
  array(
    Float64Array.from({ length: count }, (_, i) => Math.sin(i * 1.7 + shift)),
    { shape },
  );
const query = waves(30, [2, 5, 3]);
const key = waves(24, [2, 4, 3], 1);
const value = waves(16, [2, 4, 2], 2);

describe("masks", () => {
  it("hide what is behind the length or in the future", async () => {
    const { padding, causal } = await run(
      backend,
      (lengths: Tensor) => ({ padding: paddingMask(lengths, 3, 3), causal: causalMask(2, 3) }),
      array([2, 0], { dtype: "i32" }),
    );
    expect([...padding.data]).toEqual([1, 1, 0, 0, 0, 0]);
    expect([...causal.data]).toEqual([1, 0, 0, 1, 1, 0]);
  });

  it("take lengths as whole numbers", () => {
    expect(() => record((lengths) => paddingMask(lengths, 3, 3), { shape: [2], dtype: "f32" })).toThrow(
      "paddingMask: expected lengths i32[batch], received f32[2].",
    );
  });

  it("take one position for each query", () => {
    expect(() => record((positions) => causalMask(3, 3, positions), { shape: [2], dtype: "i32" })).toThrow(
      "causalMask: received positions i32[2]; expected i32[3].",
    );
  });

  it.each([undefined, 2])("that hide everything give zeros, also for derivatives (blocks of %s)", async (blockSize) => {
    const loss = (q: Tensor, k: Tensor, v: Tensor, lengths: Tensor): Tensor => {
      const keyMask = paddingMask(lengths, 4, 3);
      return sum(square(scaledDotProduct(q, k, v, { keyMask, causal: true, blockSize })));
    };
    const lengths = array([0, 2], { dtype: "i32" });
    const gradient = await run(backend, grad(loss), query, key, value, lengths);
    const found = [...gradient.data];
    expect(found.slice(0, 15)).toEqual(Array(15).fill(0));
    expect(found.slice(15).every(Number.isFinite)).toBe(true);
    expect(found.slice(15).some((entry) => entry !== 0)).toBe(true);
    const weights = await run(
      backend,
      (q: Tensor, k: Tensor, l: Tensor) => sum(attentionWeights(q, k, { keyMask: paddingMask(l, 4, 3) }), { axes: -1 }),
      query,
      key,
      lengths,
    );
    expect([...weights.data].map((total) => Number(total.toFixed(12)))).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });
});

it.each([1, 2, 3, 4, 5, 9])("blocks of %d give what the whole gives", async (blockSize) => {
  const attend = (q: Tensor, k: Tensor, v: Tensor) => [
    scaledDotProduct(q, k, v, { causal: true, blockSize }),
    scaledDotProduct(q, k, v, { causal: true }),
  ];
  const [tiled, whole] = await run(backend, attend, query, key, value);
  for (const [i, entry] of whole!.data.entries()) expect(tiled!.data[i]).toBeCloseTo(entry, 14);
});

describe.each([undefined, 2])("masks and biases of every query (blocks of %s)", (blockSize) => {
  const gradients = (options: ScaledDotProductOptions) => (q: Tensor, k: Tensor, v: Tensor, bias: Tensor) => {
    const loss = (all: readonly [Tensor, Tensor, Tensor, Tensor]) =>
      sum(square(scaledDotProduct(all[0], all[1], all[2], { ...options, bias: all[3], blockSize })));
    return grad(loss)([q, k, v, bias]);
  };
  const hidden = array(
    Float64Array.from({ length: 20 }, (_, i) => (Math.floor(i / 4) === 3 || i % 4 > 2 ? -Infinity : Math.sin(i))),
    { shape: [5, 4] },
  );

  it("-Infinity hides as a mask does: a query without keys gives zeros, and zero derivatives", async () => {
    const outputs = (q: Tensor, k: Tensor, v: Tensor, bias: Tensor) => scaledDotProduct(q, k, v, { bias, blockSize });
    const { data } = await run(backend, outputs, query, key, value, hidden);
    expect([...data.slice(6, 8), ...data.slice(16, 18)]).toEqual([0, 0, 0, 0]);
    const found = await run(backend, gradients({}), query, key, value, hidden);
    expect(found.flatMap(({ data }) => [...data]).every(Number.isFinite)).toBe(true);
    expect([...found[3]!.data].map((entry, i) => entry === 0 || Math.floor(i / 4) !== 3)).not.toContain(false);
    expect(found[3]!.data.some((entry) => entry !== 0)).toBe(true);
  });

  it.each([[[5, 4, 1]], [[4, 4]], [[3, 5, 4]], [[1, 2, 5, 4]]])("are refused with the shape %j", (shape) => {
    const attending = (q: Tensor, k: Tensor, v: Tensor, mask: Tensor) =>
      scaledDotProduct(q, k, v, { [mask.dtype === "bool" ? "mask" : "bias"]: mask, blockSize });
    for (const [dtype, name] of [
      ["bool", "mask"],
      ["f64", "bias"],
    ] as const) {
      expect(() => record(attending, query, key, value, { shape, dtype })).toThrow(
        `scaledDotProduct: received the ${name} ${dtype}[${shape.join(", ")}] for query f64[2, 5, 3]; ` +
          `expected a ${dtype} that broadcasts to [2, 5, 4].`,
      );
    }
  });
});

it("chooses blocks by the number of weights", () => {
  const loops = (positions: number): number => {
    const x = { shape: [1, positions, 2], dtype: "f32" } as const;
    const { program } = record((q, k, v) => scaledDotProduct(q, k, v), x, x, x);
    return program.nodes.filter(({ primitive }) => primitive === "scan").length;
  };
  expect([loops(512), loops(513)]).toEqual([0, 1]);
});

it.each([undefined, 2])("dropout keeps the mean and repeats with its key (blocks of %s)", async (blockSize) => {
  const count = 400;
  const zeros = array(new Float32Array(count), { shape: [count, 1] });
  const ones = array(new Float32Array(count).fill(1), { shape: [count, 1] });
  const attend = (q: Tensor, v: Tensor, random: Tensor) =>
    scaledDotProduct(q, q, v, { dropout: { rate: 0.5, key: random }, blockSize: blockSize && 100 });
  const first = await run(backend, attend, zeros, ones, randomKey(1));
  const again = await run(backend, attend, zeros, ones, randomKey(1));
  expect(first.data).toEqual(again.data);
  const mean = [...first.data].reduce((a, b) => a + b) / count;
  expect(Math.abs(mean - 1)).toBeLessThan(0.01);
  expect(new Set(first.data).size).toBeGreaterThan(20);
});

describe("refuses", () => {
  const attend = (options: ScaledDotProductOptions) => () => record((q) => scaledDotProduct(q, q, q, options), query);

  it("shapes and types that do not fit", () => {
    const [a, b, whole] = [
      { shape: [2, 3], dtype: "f32" },
      { shape: [2, 4], dtype: "f32" },
      { shape: [2, 3], dtype: "i32" },
    ] as const;
    expect(() => record((q, k, v) => scaledDotProduct(q, k, v), a, b, b)).toThrow(
      "received query f32[2, 3], key f32[2, 4], value f32[2, 4]; expected",
    );
    expect(() => record((q) => scaledDotProduct(q, q, q), whole)).toThrow("received query i32[2, 3]");
    expect(() => record((q, k) => attentionWeights(q, k), a, b)).toThrow(
      "attentionWeights: received query f32[2, 3], key f32[2, 4]; expected floats",
    );
    const [one, two] = [
      [1, 3, 2],
      [2, 3, 2],
    ].map((shape) => ({ shape, dtype: "f32" }) as const);
    expect(() => record((q, k) => attentionWeights(q, k), one!, two!)).toThrow("with equal leading axes.");
  });

  it.each([0, -1, 1.5, Number.NaN])("a block size of %s", (blockSize) => {
    expect(attend({ blockSize })).toThrow(
      `scaledDotProduct: option "blockSize" is ${blockSize}; expected a whole number above 0.`,
    );
  });

  it.each([1, 2, -0.5, Number.NaN])("a dropout rate of %s", (rate) => {
    const attending = (q: Tensor, key: Tensor) => scaledDotProduct(q, q, q, { dropout: { rate, key } });
    expect(() => record(attending, query, randomKey(0))).toThrow(
      `option "rate" is ${rate}; expected a number in [0, 1).`,
    );
  });

  it("other wrong options, by name", () => {
    expect(attend({ scale: Number.NaN })).toThrow('option "scale" is NaN; expected a finite number.');
    expect(attend({ dropout: { rate: 0.5 } as never })).toThrow(
      'option "key" is missing; expected a random key, or rowRng(name) of a layer.',
    );
    expect(attend({ masks: true } as never)).toThrow('received the unknown option "masks"');
    expect(attend({ keyMask: [true] as never })).toThrow('option "keyMask" is [true]; expected a tensor of booleans.');
    expect(() => record((q) => attentionWeights(q, q, { causal: 1 as never }), query)).toThrow(
      'attentionWeights: option "causal" is 1; expected true or false.',
    );
  });

  it.each<[readonly number[], "bool" | "f32"]>([
    [[5, 5], "bool"],
    [[2, 5], "bool"],
    [[2, 5, 5], "bool"],
    [[3, 1, 5], "bool"],
    [[4], "bool"],
    [[1, 2, 1, 5], "bool"],
    [[5], "f32"],
  ])("a mask %j of %s, whatever the block size", (shape, dtype) => {
    const attending = (blockSize: number) => (q: Tensor, keyMask: Tensor) =>
      scaledDotProduct(q, q, q, { keyMask, blockSize });
    for (const blockSize of [2, 5]) {
      expect(() => record(attending(blockSize), query, { shape, dtype })).toThrow(
        `scaledDotProduct: received the keyMask ${dtype}[${shape.join(", ")}] for query f64[2, 5, 3]; ` +
          "expected a bool that broadcasts to [2, 1, 5], the same for all queries.",
      );
    }
  });
});

it.each([[[5]], [[1, 5]], [[2, 1, 5]], [[1, 1, 1]]])("takes a mask %j, whole and in blocks", async (shape) => {
  const count = shape.reduce((a, b) => a * b);
  const keyMask = array(
    Uint8Array.from({ length: count }, (_, i) => Number(i % 3 !== 1)),
    { shape, dtype: "bool" },
  );
  const attend = (q: Tensor, mask: Tensor) => [
    scaledDotProduct(q, q, q, { keyMask: mask, blockSize: 2 }),
    scaledDotProduct(q, q, q, { keyMask: mask }),
  ];
  const [tiled, whole] = await run(backend, attend, query, keyMask);
  for (const [i, entry] of whole!.data.entries()) expect(tiled!.data[i]).toBeCloseTo(entry, 14);
});
