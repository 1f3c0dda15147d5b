// The damped equations on the backend and here.
import { wasmBackend } from "@hooke/backend-wasm";
import { expect, it } from "vitest";
import { dampedSystem } from "./damped-system.ts";

it("are solved alike on a backend and on the host, and refused alike", async () => {
  const size = 120;
  const root = Float64Array.from({ length: size * size }, (_, i) => Math.sin(i * i + 1));
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      for (let k = 0; k < size; k++) matrix[i * size + j]! += root[k * size + i]! * root[k * size + j]!;
  const unit = Float64Array.from({ length: size }, (_, i) => Math.sqrt(matrix[i * size + i]!));
  const right = Float64Array.from({ length: size }, (_, i) => Math.cos(i));
  const backend = wasmBackend();
  // Without double precision the backend is not asked.
  const systems = await Promise.all([
    dampedSystem(backend, size),
    dampedSystem({ ...backend, dtypes: ["f32"] } as typeof backend, size),
  ]);
  const [there, here] = await Promise.all(systems.map((system) => system.solve(matrix, unit, right, 0.1)));
  for (const [i, value] of here!.entries()) expect(Math.abs(there![i]! - value)).toBeLessThan(1e-11);
  for (const system of systems) {
    expect(await system.solve(matrix, unit, right, -1)).toBeUndefined();
    system.free();
  }
});
