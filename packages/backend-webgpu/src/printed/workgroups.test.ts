// More rows, matrices, images or positions than workgroups fit into one dimension of a device, 65,535 on most: all run. The
// numbers are whole and small, so that f32 has them exactly.
import { array, conv, grad, type HostArray, matmul, run, sizeOf, sum, type Tensor } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "../backend.ts";
import { skipped, status } from "../gpu.fixture.ts";

/** An array from a function of its indices in a batch (the first axis) and within an entry. */
function fill(shape: readonly number[], at: (batch: number, inner: number) => number): HostArray {
  const inner = sizeOf(shape.slice(1));
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => at(Math.floor(i / inner), i % inner));
  return array(data, { shape });
}

/** How many elements differ from a function of their indices. */
function wrong({ shape, data }: HostArray, truth: (batch: number, inner: number) => number): number {
  const inner = sizeOf(shape.slice(1));
  let count = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== truth(Math.floor(i / inner), i % inner)) count++;
  return count;
}

const dotOf = (length: number, term: (k: number) => number): number =>
  Array.from({ length }, (_, k) => term(k)).reduce((total, next) => total + next, 0);

describe.skipIf(!status.available)(`workgroups beyond a device's limit${skipped}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = await webgpuBackend();
  });
  afterAll(() => backend.close());

  test("a product with two million rows", async () => {
    const w = fill([4, 3], (k, j) => k - 2 * j);
    const y = await run(
      backend,
      (x: Tensor) => matmul(x, w),
      fill([2 ** 21 + 5, 4], (i, k) => (i % 13) - k),
    );
    const rows = Array.from({ length: 13 }, (_, i) => [0, 1, 2].map((j) => dotOf(4, (k) => (i - k) * (k - 2 * j))));
    expect(wrong(y, (i, j) => rows[i % 13]![j]!)).toBe(0);
  });

  test("a batch of 70,000 products", async () => {
    const [a, b] = [
      fill([70_000, 4, 8], (n, i) => (n % 7) - (i % 3)),
      fill([70_000, 8, 4], (n, i) => (n % 5) - (i % 4)),
    ];
    const y = await run(backend, (x: Tensor, z: Tensor) => matmul(x, z), a, b);
    const term = (n: number, i: number, k: number): number =>
      ((n % 7) - ((8 * Math.floor(i / 4) + k) % 3)) * ((n % 5) - ((4 * k + (i % 4)) % 4));
    const matrices = Array.from({ length: 35 }, (_, n) =>
      Array.from({ length: 16 }, (_, i) => dotOf(8, (k) => term(n, i, k))),
    );
    expect(wrong(y, (n, i) => matrices[n % 35]![i]!)).toBe(0);
  });

  const kernel = (height: number, width: number): HostArray => fill([height, width, 1, 2], (i, j) => i + 1 - j);

  // Of the image there are as many windows as a product has rows above; it takes 8 s.
  const most = process.env.HOOKE_TESTS === "full" ? 3 : 2;
  const images: [string, number[], HostArray][] = [
    ["70,000 images", [70_000, 3, 3, 1], kernel(2, 2)],
    ["70,000 images, point by point", [70_000, 2, 2, 1], kernel(1, 1)],
    ["an image of two million pixels", [1, 1450, 1450, 1], kernel(2, 2)],
  ];
  test.each(images.slice(0, most))("the convolution of %s, and its gradients", async (_, shape, filter) => {
    const [size, window] = [shape[1]!, filter.shape[0]!];
    const out = size - window + 1;
    const x = fill(shape, (n, i) => (n % 11) + (i % size));
    const y = await run(backend, (image: Tensor) => conv(image, filter), x);
    const taps = Array.from({ length: window * window }, (_, t) => t);
    const weight = (tap: number, f: number): number => filter.data[2 * tap + f]!;
    const value = (n: number, column: number, f: number): number =>
      dotOf(taps.length, (t) => ((n % 11) + column + (t % window)) * weight(t, f));
    expect(wrong(y, (n, i) => value(n, (i >> 1) % out, i & 1))).toBe(0);
    const [dx, dk] = (await run(
      backend,
      (image: Tensor, k: Tensor) => grad(([u, v]: readonly [Tensor, Tensor]) => sum(conv(u, v)))([image, k]),
      x,
      filter,
    )) as readonly [HostArray, HostArray];
    const covers = (row: number, column: number, tap: number): boolean => {
      const [top, left] = [row - Math.floor(tap / window), column - (tap % window)];
      return top >= 0 && left >= 0 && top < out && left < out;
    };
    const seen = (row: number, column: number): number =>
      dotOf(taps.length, (t) => (covers(row, column, t) ? weight(t, 0) + weight(t, 1) : 0));
    // Distinct by their distance from the borders.
    const near = (place: number): number => Math.min(place, window) - Math.min(size - 1 - place, window);
    const known = new Map<string, number>();
    expect(
      wrong(dx, (_n, i) => {
        const [row, column] = [Math.floor(i / size), i % size];
        const key = `${near(row)} ${near(column)}`;
        if (!known.has(key)) known.set(key, seen(row, column));
        return known.get(key)!;
      }),
    ).toBe(0);
    // One after the other, millions of numbers lose digits of their sum in f32.
    for (const t of taps) {
      const total = dotOf(shape[0]!, (n) => out * dotOf(out, (column) => (n % 11) + column + (t % window)));
      expect(Math.abs(dk.data[2 * t]! / total - 1)).toBeLessThan(5e-3);
    }
  });
});
