// Ways against closed forms.
import { expect, test } from "vitest";
import { compute } from "./compute.ts";

test("gradient descent shrinks each coordinate by its curvature", async () => {
  const { x, y, height } = await compute({ surface: "bowl", optimizer: "plain", logRate: -2 });
  for (const k of [0, 1, 10, 200]) {
    expect(x[k]).toBeCloseTo(-1.8 * 0.99 ** k, 12);
    expect(y[k]).toBeCloseTo(0.9 * 0.75 ** k, 12);
    expect(height[k]).toBeCloseTo((x[k]! ** 2 + 25 * y[k]! ** 2) / 2, 12);
  }
});

test("beyond 2 over the curvature it leaves", async () => {
  const { x, y } = await compute({ surface: "bowl", optimizer: "plain", logRate: Math.log10(0.081) });
  expect(Math.abs(x[200]!)).toBeLessThan(1e-6);
  expect(Math.abs(y[200]!)).toBeGreaterThan(10);
});

test("momentum goes by the sum of what came before", async () => {
  const { x } = await compute({ surface: "bowl", optimizer: "momentum", logRate: -2 });
  let [at, velocity] = [-1.8, 0];
  for (let k = 1; k <= 200; k++) {
    velocity = 0.9 * velocity + at;
    at -= 0.01 * velocity;
    expect(x[k]).toBeCloseTo(at, 12);
  }
});

test("Adam's first step is the rate, whatever the slope", async () => {
  const { x, y } = await compute({ surface: "valley", optimizer: "adam", logRate: -1 });
  expect(x[1]! - x[0]!).toBeCloseTo(-0.1, 6);
  expect(y[1]! - y[0]!).toBeCloseTo(-0.1, 6);
});

test("the map is the surface", async () => {
  const { map, mapX, mapY } = await compute({ surface: "saddle", optimizer: "plain", logRate: -1 });
  expect([mapX.at(-1), mapY[0]]).toEqual([2, -1.5]);
  expect(map[mapX.length - 1]).toBeCloseTo(2 + (1.5 ** 2 - 1) ** 2 / 4, 12);
});
