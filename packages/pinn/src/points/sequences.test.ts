import { randomKey } from "@hooke/runtime";
import { expect, test } from "vitest";
import { box, grid, halton, latinHypercube, type Sampler, sobol, uniform } from "../index.ts";

const key = randomKey(3);

test("sobol is SciPy's sequence, its digits shifted by key", () => {
  const [count, dimensions] = [64, 16];
  const points = sobol().draw(key, count, dimensions);
  const digits = (row: number): number[] =>
    [...points.subarray(row * dimensions, (row + 1) * dimensions)].map((value) => value * 2 ** 32);
  // 64 times points 37 and 63 of scipy.stats.qmc.Sobol(16, scramble=False).
  const known = {
    37: [59, 41, 37, 59, 49, 19, 11, 51, 39, 11, 1, 5, 37, 55, 7, 31],
    63: [1, 51, 23, 29, 55, 9, 37, 9, 53, 37, 27, 43, 35, 49, 21, 49],
  };
  for (const [row, expected] of Object.entries(known)) {
    expect(digits(Number(row)).map((value, axis) => ((value ^ digits(0)[axis]!) >>> 0) / 2 ** 26)).toEqual(expected);
  }
});

test("every part of a sobol partition has its share", () => {
  const points = sobol().draw(key, 4096, 2);
  for (const [columns, rows] of [
    [64, 64],
    [4096, 1],
    [1, 4096],
    [8, 512],
  ] as const) {
    const cells = new Set(
      Array.from(
        { length: 4096 },
        (_, i) => Math.floor(points[2 * i]! * columns) * rows + Math.floor(points[2 * i + 1]! * rows),
      ),
    );
    expect(cells.size).toBe(4096);
  }
});

test("halton mirrors digits in prime bases, moved by key", () => {
  const points = halton().draw(key, 8, 3);
  // scipy.stats.qmc.Halton(3, scramble=False), point 6.
  for (const [axis, value] of [0.375, 2 / 9, 0.24].entries()) {
    expect((points[18 + axis]! - points[axis]! + 1) % 1).toBeCloseTo(value, 14);
  }
});

test("a grid is regular, and moves with the key", () => {
  const points = grid().draw(key, 27, 3);
  for (const axis of [0, 1, 2]) {
    const values = new Set(Array.from({ length: 27 }, (_, i) => points[3 * i + axis]!));
    expect(values.size).toBe(3);
  }
  expect(grid().draw(randomKey(4), 27, 3)).not.toEqual(points);
  const uneven = grid().draw(key, 23, 2);
  expect(new Set(Array.from({ length: 23 }, (_, i) => `${uneven[2 * i]},${uneven[2 * i + 1]}`)).size).toBe(23);
  expect(grid().draw(key, 1, 4)).toHaveLength(4);
});

/** Root mean square over keys of the error of an integral over the unit cube of 4 dimensions by 1,024 points. */
function integrationError(sampler: Sampler): number {
  const errors = Array.from({ length: 16 }, (_, seed) => {
    const points = sampler.draw(randomKey(seed), 1024, 4);
    let total = 0;
    for (let i = 0; i < 1024; i++) {
      let product = 1;
      for (let axis = 0; axis < 4; axis++) product *= 1 + Math.sin(2 * points[4 * i + axis]! + axis);
      total += product;
    }
    const exact = [0, 1, 2, 3].reduce((part, axis) => part * (1 + (Math.cos(axis) - Math.cos(2 + axis)) / 2), 1);
    return total / 1024 / exact - 1;
  });
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
}

test("sequences integrate smooth functions better than independent points", () => {
  const independent = integrationError(uniform());
  expect(integrationError(latinHypercube())).toBeLessThan(independent);
  expect(integrationError(halton())).toBeLessThan(independent / 4);
  expect(integrationError(sobol())).toBeLessThan(independent / 8);
});

/** The star discrepancy of points of the unit square, at the corners of a grid of 64 x 64 boxes. */
function discrepancy(points: Float64Array): number {
  const [count, steps] = [points.length / 2, 64];
  let worst = 0;
  for (let a = 1; a <= steps; a++) {
    for (let b = 1; b <= steps; b++) {
      let inside = 0;
      for (let i = 0; i < count; i++) if (points[2 * i]! < a / steps && points[2 * i + 1]! < b / steps) inside++;
      worst = Math.max(worst, Math.abs(inside / count - (a * b) / steps ** 2));
    }
  }
  return worst;
}

test("sequences have a small star discrepancy", () => {
  const independent = discrepancy(uniform().draw(key, 500, 2));
  expect(discrepancy(sobol().draw(key, 500, 2))).toBeLessThan(independent / 2);
  expect(discrepancy(halton().draw(key, 500, 2))).toBeLessThan(independent / 2);
});

test("what a sequence has no directions for is refused", () => {
  expect(() => sobol().draw(key, 2, 17)).toThrow(/^sobol: has directions for 16 coordinates; the points have 17/);
  expect(() => halton().draw(key, 2, 17)).toThrow(/^halton: has bases for 16 coordinates; the points have 17/);
  expect(() => box({ x: [0, 1] }).interior(4, { sampler: "sobol" as never })).toThrow(
    /expected a sampler: .*sobol\(\)/,
  );
});
