// tfjs's own WebGPU engine, without Hooke's kernels and care, for tests that show what both are for.
import { createTfjsBackend, type TfjsBackend, type TfjsBackendOptions } from "@hooke/backend-tfjs";
import { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { env } from "@tensorflow/tfjs-core";
import { findAdapter, withNavigator } from "./gpu.ts";
import { wantedLimits } from "./limits.ts";

/** tfjs's engine on a device of its own, and backends made of it. */
export interface RawEngine {
  readonly kernels: WebGPUBackend;
  /** What the device has reported. tfjs listens to none of it. */
  readonly reported: readonly string[];
  backend(options?: Pick<TfjsBackendOptions, "lowerings">): TfjsBackend;
  close(): Promise<void>;
}

/** Starts it. Arrays stay on the GPU, however small; tests may set `WEBGPU_CPU_FORWARD` again. */
export async function rawEngine(): Promise<RawEngine> {
  const found = await findAdapter("high-performance");
  if ("reason" in found) throw new Error(found.reason);
  const device = await found.adapter.requestDevice({ requiredLimits: wantedLimits(found.adapter.limits) });
  const reported: string[] = [];
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    reported.push(event.error.message);
  });
  env().set("WEBGPU_CPU_FORWARD", false);
  const kernels = withNavigator(found.gpu, () => new WebGPUBackend(device, device.adapterInfo));
  return {
    kernels,
    reported,
    backend: (options) =>
      createTfjsBackend({
        name: "tfjs-webgpu",
        engine: "webgpu",
        kernelBackend: kernels,
        capabilities: { explicitPadding: true, freshWeights: true, transposedProducts: true },
        ...options,
      }),
    async close() {
      await device.queue.onSubmittedWorkDone();
      device.destroy();
    },
  };
}
