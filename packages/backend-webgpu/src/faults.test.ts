// Errors of the device reach the caller, name what caused them, and end with what to do.
import { describe, expect, test } from "vitest";
import { Faults } from "./faults.ts";
import { skipped, status } from "./gpu.fixture.ts";
import { findAdapter } from "./gpu.ts";

async function device(): Promise<GPUDevice> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  return found.adapter.requestDevice();
}

describe.skipIf(!status.available)(`faults${skipped}`, () => {
  test("what cannot be created is reported with what needed it, and told to who made it", async () => {
    const faults = new Faults(await device(), "Open another");
    const { maxBufferSize: size } = faults.device.limits;
    let failed = false;
    const create = () => faults.device.createBuffer({ size: size + 4, usage: GPUBufferUsage.STORAGE });
    faults.guard("concat", create, () => {
      failed = true;
    });
    await expect(faults.settle()).rejects.toThrow(
      /^backend webgpu: concat: [\s\S]*[^.]\. The results of this run are not valid\.$/,
    );
    expect(failed).toBe(true);
    await faults.settle();
    faults.device.destroy();
  });

  /** Binds a uniform buffer where a kernel has a storage buffer. */
  function callWrongly(device: GPUDevice): void {
    const code = `@group(0) @binding(0) var<storage, read_write> x: array<f32>;
@compute @workgroup_size(1) fn main() { x[0] = 1.0; }`;
    const module = device.createShaderModule({ code });
    const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
    const uniform = device.createBuffer({ size: 64, usage: GPUBufferUsage.UNIFORM });
    const entries = [{ binding: 0, resource: { buffer: uniform } }];
    device.createBindGroup({ label: "loop tanh", layout: pipeline.getBindGroupLayout(0), entries });
  }

  test("a call whose buffers do not fit its kernel is reported with its label", async () => {
    const faults = new Faults(await device(), "Open another");
    faults.watch(() => callWrongly(faults.device), "loop tanh");
    await expect(faults.settle()).rejects.toThrow(
      /^backend webgpu: [\s\S]*loop tanh[\s\S]*[^.]\. The results of this run are not valid\.$/,
    );
    await faults.settle();
    faults.device.destroy();
  });

  test("what follows from something that could not be created is not told again", async () => {
    const faults = new Faults(await device(), "Open another");
    const { maxBufferSize: size } = faults.device.limits;
    faults.watch(() => {
      const create = () => faults.device.createBuffer({ size: size + 4, usage: GPUBufferUsage.COPY_DST });
      faults.device.queue.writeBuffer(faults.guard("tanh", create), 0, new Uint32Array(1));
    });
    await expect(faults.settle()).rejects.toThrow(/^backend webgpu: tanh: /);
    await faults.device.queue.onSubmittedWorkDone();
    await faults.settle();
    faults.device.destroy();
  });

  test("what nothing guards is reported too", async () => {
    const faults = new Faults(await device(), "Open another");
    faults.device.createBuffer({ size: 4, usage: 0xffff });
    await faults.device.queue.onSubmittedWorkDone();
    await expect(faults.settle()).rejects.toThrow(/^backend webgpu: .*usage/i);
    faults.device.destroy();
  });

  test("losing the device says how to go on, closing it does not", async () => {
    const [lost, closed] = [new Faults(await device(), "Open another"), new Faults(await device(), "Open another")];
    lost.device.destroy();
    await expect(lost.explain(new Error("mapping failed"))).rejects.toThrow(/lost .*resume: checkpoint/);
    closed.close();
    expect(() => closed.check()).toThrow("closed");
    closed.device.destroy();
  });
});
