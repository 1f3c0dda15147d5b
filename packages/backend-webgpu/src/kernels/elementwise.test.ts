// Functions that tfjs's engines need a chain of kernels for are one kernel here.
import { array, expm1, log1p, run, type Tensor } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { webgpuBackend } from "../backend.ts";
import { skipped, status } from "../gpu.fixture.ts";
import { findAdapter } from "../gpu.ts";

describe.skipIf(!status.available)(`kernels on WebGPU${skipped}`, () => {
  test.each([
    ["log1p", log1p, Math.log1p],
    ["expm1", expm1, Math.expm1],
  ])("%s", async (_, fn, truth) => {
    const found = await findAdapter("high-performance");
    if ("reason" in found) throw new Error(found.reason);
    const device = await found.adapter.requestDevice();
    const { createComputePipeline } = device;
    let pipelines = 0;
    device.createComputePipeline = (descriptor) => {
      pipelines++;
      return createComputePipeline.call(device, descriptor);
    };
    const backend = await webgpuBackend({ device });
    const points = [1e-6, -1e-4, 0.3];
    const { data } = await run(backend, (x: Tensor) => fn(x), array(points));
    for (const [i, x] of points.entries()) expect(Math.abs(data[i]! / truth(x) - 1)).toBeLessThan(2e-6);
    expect(pipelines).toBe(1);
    await backend.close();
    device.destroy();
  });
});
