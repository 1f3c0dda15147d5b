import { randomKey } from "@hooke/runtime";
import { expect, test } from "vitest";
import { box, interval, latinHypercube, uniform, worstFirst } from "../index.ts";

const key = randomKey(5);
const domain = box({ x: [-1, 1], y: [0, 3] });

test.each([uniform(), latinHypercube()])("$name fills the unit cube, by key", (sampler) => {
  const points = sampler.draw(key, 2000, 2);
  expect(sampler.draw(key, 2000, 2)).toEqual(points);
  expect(sampler.draw(randomKey(6), 2000, 2)).not.toEqual(points);
  for (const axis of [0, 1]) {
    const values = points.filter((_, i) => i % 2 === axis);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = values.reduce((total, value) => total + value, 0) / 2000;
    // Standard deviation of the mean of uniform numbers: 1 / sqrt(12 n) = 0.0065.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
  }
  const products = Array.from({ length: 2000 }, (_, i) => points[2 * i]! * points[2 * i + 1]!);
  expect(products.reduce((total, value) => total + value, 0) / 2000).toBeCloseTo(0.25, 1);
});

test("a Latin hypercube has one point in every slice of every coordinate", () => {
  const points = latinHypercube().draw(key, 50, 3);
  for (const axis of [0, 1, 2]) {
    const slices = Array.from({ length: 50 }, (_, i) => Math.floor(points[3 * i + axis]! * 50)).sort((a, b) => a - b);
    expect(slices).toEqual(Array.from({ length: 50 }, (_, i) => i));
  }
});

test("boxes: points lie where they are said to, faces have normals, measures are right", () => {
  const { rows } = domain.interior(100).draw(key);
  expect(Array.from({ length: 100 }, (_, i) => domain.contains(rows.subarray(2 * i, 2 * i + 2)))).not.toContain(false);
  expect(domain.contains([0, 3.1])).toBe(false);
  const boundary = domain.boundary(100);
  expect(boundary.measure).toBe(10);
  const drawn = boundary.draw(key);
  // In proportion to the length: x = -1 and x = 1 are 3 long each, y = 0 and y = 3 are 2.
  const counts = new Map<string, number>();
  for (let i = 0; i < 100; i++) {
    const [x, y] = drawn.rows.subarray(2 * i);
    const normal = [drawn.columns["normal.x"]![i]!, drawn.columns["normal.y"]![i]!] as const;
    const name = normal.join();
    counts.set(name, (counts.get(name) ?? 0) + 1);
    expect(normal[0] === 0 ? y : x).toBe({ "-1,0": -1, "1,0": 1, "0,-1": 0, "0,1": 3 }[name]);
  }
  expect([...counts].sort()).toEqual(
    [
      ["-1,0", 30],
      ["0,-1", 20],
      ["0,1", 20],
      ["1,0", 30],
    ].sort(),
  );
  expect(
    interval({ x: [2, 5] })
      .faces("x")
      .draw(key).rows,
  ).toEqual(Float64Array.of(2, 5));
});

test("worst first takes points in proportion to the residual, none twice", () => {
  const { choose } = worstFirst({ base: 0 });
  const set = { rows: new Float64Array(0), columns: {} };
  const magnitude = Float64Array.from({ length: 4000 }, (_, i) => (i < 400 ? 9 : 1));
  const chosen = choose({ set, magnitude }, { ...domain.interior(400) }, key);
  expect(new Set(chosen).size).toBe(400);
  // Half of the density is where the residual is nine times as large; some of its 400 points run out.
  const large = chosen.filter((i) => i < 400).length;
  expect(large).toBeGreaterThan(140);
  expect(large).toBeLessThan(220);
});
