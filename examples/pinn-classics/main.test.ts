// Exact solutions against their equations by differences, and what small networks reach.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { type Classic, errorOf, solveClassic } from "./classic.ts";
import { laplace } from "./disk.ts";
import { heat } from "./heat.ts";
import { hole, radius } from "./hole.ts";
import { reaction } from "./reaction.ts";

const backend = wasmBackend();
const h = 1e-4;
/** Derivatives at a place, by central differences. */
function differences({ exact }: Classic, at: Readonly<Record<string, number>>, axis: string) {
  const [low, middle, high] = [-h, 0, h].map((shift) => exact({ ...at, [axis]: at[axis]! + shift }));
  return { first: (high! - low!) / (2 * h), second: (low! - 2 * middle! + high!) / h ** 2 };
}

it("exact solutions fulfil their equations", () => {
  const at = { x: 0.3, t: 0.4 };
  expect(differences(heat, at, "t").first / differences(heat, at, "x").second).toBeCloseTo(0.4, 6);
  const place = { x: 0.3, y: 0.4 };
  const laplacian = (classic: Classic) =>
    differences(classic, place, "x").second + differences(classic, place, "y").second;
  expect(laplacian(laplace)).toBeCloseTo(0, 6);
  expect(laplacian(hole) / hole.exact(place)).toBeCloseTo(-2 * Math.PI ** 2, 5);
  const { first } = differences(reaction, at, "t");
  const source = [2, 3, 4, 8].reduce((total, k) => total + ((k * k - 1) / k) * Math.sin(k * 0.3), 0) * Math.exp(-0.4);
  expect(first - differences(reaction, at, "x").second).toBeCloseTo(source, 4);
});

it.each([
  ["heat", heat],
  ["laplace", laplace],
  ["reaction", reaction],
  ["hole", hole],
] as const)(
  "a small network finds it: %s",
  async (_, classic) => {
    const solved = await solveClassic(classic)(backend, classic.small, 0);
    expect(await errorOf(classic)(solved)).toBeLessThan(1e-3);
    if (classic !== hole) return;
    const angles = Array.from({ length: 8 }, (_, i) => [0.5 + radius * Math.cos(i), 0.4 + radius * Math.sin(i)]);
    const places = [...angles, [0, 0.3], [1, 0.7], [0.2, 0], [0, 0], [1, 1]];
    const { u } = await solved.solution.at(places);
    for (const [i, [x, y]] of places.entries()) expect(u![i]).toBeCloseTo(hole.exact({ x: x!, y: y! }), 12);
  },
  60_000,
);
