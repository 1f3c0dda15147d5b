// Sine, cosine and tangent of any angle, the largest too: against the engine's, which are right to the last bits of f64.
import { array, cos, run, sin, type Tensor, tan } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WebgpuBackend, webgpuBackend } from "../backend.ts";
import { skipped, status } from "../gpu.fixture.ts";

describe.skipIf(!status.available)(`angles on WebGPU${skipped}`, () => {
  let backend: WebgpuBackend;
  beforeAll(async () => {
    backend = await webgpuBackend();
  });
  afterAll(() => backend.close());

  test("are reduced exactly", async () => {
    // Of every size; those from 1e5 on where the reduction changes; and whole multiples of pi, which leave next to nothing.
    const sizes = Array.from({ length: 4000 }, (_, i) => 2 ** (-10 + (i * 137.99) / 4000) * (1 + ((i * 0.618) % 1)));
    const multiples = Array.from({ length: 1000 }, (_, i) => Math.PI * Math.round(1.02 ** i + i));
    const angles = [...sizes, ...multiples, 99_999.99, 1e5, 100_000.01, 3.4028235e38]
      .map(Math.fround)
      .filter(Number.isFinite);
    const x = array(Float32Array.from(angles.flatMap((angle) => [angle, -angle])));
    const [sines, cosines, tangents] = await run(backend, (a: Tensor) => [sin(a), cos(a), tan(a)] as const, x);
    let [far, farTangent] = [0, 0];
    for (const [i, angle] of x.data.entries()) {
      const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
      far = Math.max(far, Math.abs(sines.data[i]! - sine), Math.abs(cosines.data[i]! - cosine));
      // Below, three steps leave an error of 1e-7 beside a zero.
      if (Math.abs(angle) > 1e5) farTangent = Math.max(farTangent, Math.abs(tangents.data[i]! / Math.tan(angle) - 1));
    }
    expect(far).toBeLessThan(1e-6);
    expect(farTangent).toBeLessThan(2e-6);
  });
});
