// Errors of the device reach the caller, name what caused them, and end with what to do.
import { describe, expect, test } from "vitest";
import { Faults, guarded } from "./faults.ts";
import { skipped, status } from "./gpu.fixture.ts";
import { findAdapter } from "./gpu.ts";

async function device(): Promise<GPUDevice> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  return found.adapter.requestDevice();
}

describe.skipIf(!status.available)(`faults${skipped}`, () => {
  test("a shader that does not compile is reported with the primitive", async () => {
    const faults = new Faults(await device());
    const safe = guarded(faults.device, faults);
    faults.primitive = "tanh";
    safe.createShaderModule({ code: "fn main() -> f32 { return true; }" });
    faults.primitive = "add";
    await expect(faults.settle()).rejects.toThrow(
      /^backend webgpu: tanh: [\s\S]*[^.]\. The results of this run are not valid\.$/,
    );
    await faults.settle();
    faults.device.destroy();
  });

  test("a buffer beyond the limits is reported with the primitive", async () => {
    const faults = new Faults(await device());
    const safe = guarded(faults.device, faults);
    faults.primitive = "concat";
    safe.createBuffer({ size: safe.limits.maxBufferSize + 4, usage: 128 });
    await expect(faults.settle()).rejects.toThrow(/^backend webgpu: concat: /);
    faults.device.destroy();
  });

  /** Calls a kernel of one storage buffer with a uniform one. */
  function callWrongly(safe: GPUDevice, code: string): void {
    const module = safe.createShaderModule({ code });
    const pipeline = safe.createComputePipeline({ layout: "auto", compute: { module } });
    const uniform = safe.createBuffer({ size: 64, usage: GPUBufferUsage.UNIFORM });
    const entries = [{ binding: 0, resource: { buffer: uniform } }];
    safe.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  }
  const oneBuffer = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(1) fn main() { x[0] = 1.0; }`;

  test("a call whose buffers do not fit its shader is reported with the primitive", async () => {
    const faults = new Faults(await device());
    const safe = guarded(faults.device, faults);
    faults.primitive = "reverse";
    faults.watch(() => callWrongly(safe, oneBuffer));
    faults.primitive = "add";
    await expect(faults.settle()).rejects.toThrow(
      /^backend webgpu: reverse: [\s\S]*[^.]\. The results of this run are not valid\.$/,
    );
    await faults.settle();
    faults.device.destroy();
  });

  test("what follows from something that could not be created is not told again", async () => {
    const faults = new Faults(await device());
    const safe = guarded(faults.device, faults);
    faults.primitive = "tanh";
    faults.watch(() => callWrongly(safe, "not a shader"));
    await expect(faults.settle()).rejects.toThrow(/^backend webgpu: tanh: Error while parsing WGSL/);
    await faults.device.queue.onSubmittedWorkDone();
    await faults.settle();
    faults.device.destroy();
  });

  test("what nothing guards is reported too", async () => {
    const faults = new Faults(await device());
    faults.device.createBuffer({ size: 4, usage: 0xffff });
    await faults.device.queue.onSubmittedWorkDone();
    await expect(faults.settle()).rejects.toThrow(/^backend webgpu: .*usage/i);
    faults.device.destroy();
  });

  test("losing the device says how to go on, closing it does not", async () => {
    const [lost, closed] = [new Faults(await device()), new Faults(await device())];
    lost.device.destroy();
    await expect(lost.explain(new Error("mapping failed"))).rejects.toThrow(/lost .*resume: checkpoint/);
    closed.close();
    expect(() => closed.check()).toThrow("closed");
    closed.device.destroy();
  });
});
