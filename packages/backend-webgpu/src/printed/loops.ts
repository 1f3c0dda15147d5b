// Loops that end too early. llvmpipe, the driver of Mesa that computes on the processor, leaves the loops of a thread once they have taken
// 65,535 iterations all in all, and says nothing: a long sum lacks its last terms. Kernels that may take more are refused there.
import type { Launch } from "@hooke/kernels";
import { fail } from "@hooke/runtime";
import { isSoftware } from "../gpu.ts";

/** More than such drivers are known to take. */
const tried = 100_000;
/** Enough for loops that shapes do not lengthen: of functions, of searches, of lists that are ordered at once. */
const short = 1024;

const code = /* wgsl */ `
  @group(0) @binding(0) var<storage, read_write> words : array<u32>;
  @compute @workgroup_size(1) fn main() {
    // The end is read, so that no compiler knows the sum.
    for (var i = 0u; i < words[0]; i++) { words[1] += 1u; }
  }`;

/** How many iterations of loops a thread takes on a device: on GPUs any number, on processors it is tried. */
export async function iterationsOf(device: GPUDevice): Promise<number> {
  if (!isSoftware(device.adapterInfo)) return Number.POSITIVE_INFINITY;
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const words = device.createBuffer({ label: "iterations", size: 8, usage: STORAGE | COPY_SRC | COPY_DST });
  const reader = device.createBuffer({ label: "iterations", size: 8, usage: MAP_READ | COPY_DST });
  device.queue.writeBuffer(words, 0, Uint32Array.of(tried, 0));
  const module = device.createShaderModule({ label: "iterations", code });
  const pipeline = await device.createComputePipelineAsync({
    label: "iterations",
    layout: "auto",
    compute: { module },
  });
  const layout = pipeline.getBindGroupLayout(0);
  const encoder = device.createCommandEncoder({ label: "iterations" });
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: words } }] }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(words, 0, reader, 0, 8);
  device.queue.submit([encoder.finish()]);
  await reader.mapAsync(GPUMapMode.READ);
  const taken = new Uint32Array(reader.getMappedRange())[1]!;
  words.destroy();
  reader.destroy();
  return taken === tried ? Number.POSITIVE_INFINITY : taken;
}

/** @throws where a thread of a kernel may take more iterations of loops than a device lets it */
export function checkIterations(most: number, launches: readonly Launch[]): void {
  const long = launches.find(({ iterations }) => iterations + short > most);
  if (long === undefined) return;
  const what = `${long.label} takes up to ${long.iterations} iterations in a thread, and the driver of this device ends loops after ${most}`;
  fail("backend webgpu", `${what}. Use smaller arrays or windows, a GPU, or the backend wasm.`, "unsupported");
}
