// The exact flow fulfils the equations, and what a small run reaches.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { errorsOf, exact, reynolds, small, solveKovasznay } from "./kovasznay.ts";

it("the exact flow fulfils the equations", () => {
  const h = 1e-4;
  const at = { x: 0.2, y: 0.1 };
  const along = (f: (point: typeof at) => number, axis: "x" | "y") =>
    (f({ ...at, [axis]: at[axis] + h }) - f({ ...at, [axis]: at[axis] - h })) / (2 * h);
  const curve = (f: (point: typeof at) => number, axis: "x" | "y") =>
    (f({ ...at, [axis]: at[axis] + h }) - 2 * f(at) + f({ ...at, [axis]: at[axis] - h })) / (h * h);
  const [vx, vy, p] = [exact["v.x"], exact["v.y"], exact.p];
  for (const [v, axis] of [
    [vx, "x"],
    [vy, "y"],
  ] as const) {
    const carried = vx(at) * along(v, "x") + vy(at) * along(v, "y");
    const residual = carried + along(p, axis) - (curve(v, "x") + curve(v, "y")) / reynolds;
    expect(Math.abs(residual)).toBeLessThan(1e-6);
  }
  expect(Math.abs(along(vx, "x") + along(vy, "y"))).toBeLessThan(1e-6);
});

it("a small network finds the flow", async () => {
  const found = await errorsOf(await solveKovasznay(wasmBackend(), small, 0));
  expect(Object.keys(found)).toEqual(Object.keys(exact));
  for (const [name, error] of Object.entries(found)) expect(error, name).toBeLessThan(0.02);
}, 120_000);
