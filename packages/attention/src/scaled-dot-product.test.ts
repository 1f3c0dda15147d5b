// Masks, blocks and dropout of scaled dot-product attention. Parity with PyTorch is tested in testkit.
import { array, grad, randomKey, record, referenceBackend, run, square, sum, type Tensor } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { causalMask, paddingMask } from "./mask.ts";
import { scaledDotProduct } from "./scaled-dot-product.ts";
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
      "expected lengths i32[batch], received f32[2].",
    );
  });

  it.each([undefined, 2])("that hide everything give zeros, also for derivatives (blocks of %s)", async (blockSize) => {
    const loss = (q: Tensor, k: Tensor, v: Tensor, lengths: Tensor): Tensor => {
      const keyMask = paddingMask(lengths, 4, 3);
      return sum(square(scaledDotProduct(q, k, v, { keyMask, causal: true, blockSize })));
    };
    const lengths = array([0, 2], { dtype: "i32" });
    const gradient = await run(backend, grad(loss) as never, query, key, value, lengths);
    const found = [...(gradient as unknown as { data: Float64Array }).data];
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
  const [tiled, whole] = (await run(backend, attend as never, query, key, value)) as unknown as { data: number[] }[];
  for (const [i, entry] of whole!.data.entries()) expect(tiled!.data[i]).toBeCloseTo(entry, 14);
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

it("refuses shapes that do not fit", () => {
  const [a, b] = [
    { shape: [2, 3], dtype: "f32" },
    { shape: [2, 4], dtype: "f32" },
  ] as const;
  expect(() => record((q, k, v) => scaledDotProduct(q, k, v), a, b, b)).toThrow(
    "received query f32[2, 3], key f32[2, 4], value f32[2, 4]; expected",
  );
});
