// Eigenvectors by their definition: A v = value v, orthonormal.
import { expect, it } from "vitest";
import { symmetricEigen } from "./eigen.ts";
import { restsFor } from "./rest.ts";

const wave = (i: number, k: number): number => Math.sin((i + 1) * (k + 1));

const matrices: readonly (readonly [string, number, (i: number, j: number) => number])[] = [
  ["1 x 1", 1, () => 3],
  ["2 x 2", 2, (i, j) => (i === j ? 2 : 1)],
  ["diagonal", 5, (i, j) => (i === j ? i - 2 : 0)],
  ["zero", 4, () => 0],
  ["rank one", 30, (i, j) => Math.sin(i + 1) * Math.sin(j + 1)],
  // Rounding is all that 115 of its eigenvalues are made of.
  [
    "rank five, mostly one",
    120,
    (i, j) => [100, 1, 1, 1, 1].reduce((sum, x, k) => sum + x * wave(i, k) * wave(j, k), 0),
  ],
  ["one value many times", 20, (i, j) => (i === j ? 2 : 0) + 1],
  ["full", 60, (i, j) => Math.cos(i * j) + 1e4 * Math.sin(i + j)],
];

it.each(matrices)("%s", async (_name, n, entry) => {
  const matrix = Float64Array.from({ length: n * n }, (_, at) => entry(Math.floor(at / n), at % n));
  const { values, vectors } = await symmetricEigen(matrix.slice(), n, restsFor());
  const size = Math.max(1, ...matrix.map(Math.abs)) * n;
  for (let k = 0; k < n; k++) {
    if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
    const v = vectors.subarray(k * n, (k + 1) * n);
    for (let i = 0; i < n; i++) {
      const product = v.reduce((sum, x, j) => sum + matrix[i * n + j]! * x, 0);
      expect(Math.abs(product - values[k]! * v[i]!)).toBeLessThan(1e-14 * size);
      const overlap = v.reduce((sum, x, j) => sum + x * vectors[i * n + j]!, 0);
      expect(Math.abs(overlap - (i === k ? 1 : 0))).toBeLessThan(1e-13);
    }
  }
});

it("refuses what is not finite", async () => {
  await expect(symmetricEigen(Float64Array.of(1, Number.NaN, Number.NaN, 1), 2, restsFor())).rejects.toThrow(
    /not finite/,
  );
});
