// The backend: tfjs's WebGPU kernels on one device, with errors, limits and the end of the device looked after.
import type { TfjsBackend } from "@hooke/backend-tfjs";
import { type BackendFactory, checkOptions, checks, fail, type OptionTable } from "@hooke/runtime";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { endWithProcess } from "./exit.ts";
import { Faults, guarded } from "./faults.ts";
import { adapterName, availability, findAdapter, withNavigator } from "./gpu.ts";
import { checkCall, checkProgram, checkUpload, wantedLimits } from "./limits.ts";

/** Options of {@link webgpuBackend}. */
export interface WebgpuOptions {
  /** Which GPU, where there are several. Default: `"high-performance"`. */
  readonly powerPreference?: GPUPowerPreference;
  /** A device to share with other code, instead of one of its own; `close` leaves it alive. */
  readonly device?: GPUDevice;
}

const optionTable: OptionTable<WebgpuOptions> = {
  optional: {
    powerPreference: (value) => checks.oneOf(value, ["high-performance", "low-power"]),
    device: (value) =>
      typeof (value as Partial<GPUDevice> | null)?.createBuffer === "function" ? undefined : "a GPUDevice",
  },
};

/** What {@link webgpuBackend} offers beyond the contract. */
export interface WebgpuBackend extends TfjsBackend {
  /** What the driver calls the GPU. */
  readonly deviceName: string;
  /**
   * Waits until the GPU has finished and lets go of the device. A Node process that ends does this by itself.
   * The backend and its buffers are of no use afterwards.
   */
  close(): Promise<void>;
}

/** A device and its name. */
async function open({
  powerPreference = "high-performance",
  device,
}: WebgpuOptions): Promise<[GPU, GPUDevice, string]> {
  const found = await findAdapter(powerPreference);
  if ("reason" in found) return fail("backend webgpu", `is unavailable: ${found.reason}. ${found.cure}`, "unavailable");
  const { gpu, adapter } = found;
  if (device) return [gpu, device, adapterName(device.adapterInfo)];
  return [
    gpu,
    await adapter.requestDevice({ requiredLimits: wantedLimits(adapter.limits) }),
    adapterName(adapter.info),
  ];
}

/** tfjs keeps the buffers it no longer needs for reuse; those that the device could not create must not come back. */
function reuseOnlyWorking(manager: WebGPUBackend["bufferManager"], faults: Faults): void {
  const acquire = manager.acquireBuffer.bind(manager);
  manager.acquireBuffer = (...options) => {
    for (;;) {
      const buffer = acquire(...options);
      if (!faults.isBroken(buffer)) return buffer;
      manager.releaseBuffer(buffer, false);
    }
  };
}

/** tfjs keeps pipelines by their code; with one that the device could not create, every later call would fail unexplained. */
function forgetBroken(kernelBackend: WebGPUBackend, faults: Faults): void {
  const { pipelineCache } = kernelBackend as unknown as { readonly pipelineCache: Record<string, object> };
  for (const [key, pipeline] of Object.entries(pipelineCache)) {
    if (faults.isBroken(pipeline)) delete pipelineCache[key];
  }
}

/**
 * Runs programs on WebGPU: in browsers, and in Node through the optional package `webgpu` (Dawn). Each call opens a
 * device of its own. Runs `f32`, `i32`, `u32` and `bool`.
 *
 * What fails on the GPU later than the call that asked for it (shaders, validation, memory) is thrown by the next call
 * on the backend, and by `read` at the latest.
 *
 * @throws on an unknown option, and where there is no WebGPU, with the reason and the cure
 */
export async function webgpuBackend(options: WebgpuOptions = {}): Promise<WebgpuBackend> {
  checkOptions<WebgpuOptions>("webgpuBackend", options, optionTable);
  const [gpu, device, deviceName] = await open(options);
  const [{ createTfjsBackend }, { env }, { WebGPUBackend }, { engine, registerKernels }, { lowerings }] =
    await Promise.all([
      import("@hooke/backend-tfjs"),
      import("@tensorflow/tfjs-core"),
      import("@tensorflow/tfjs-backend-webgpu"),
      import("./kernels/register.ts"),
      import("./kernels/lowerings.ts"),
    ]);
  registerKernels();
  // Otherwise small arrays silently run on the CPU.
  env().set("WEBGPU_CPU_FORWARD", false);
  const faults = new Faults(device);
  const kernelBackend = withNavigator(gpu, () => new WebGPUBackend(guarded(device, faults), device.adapterInfo));
  faults.flush = () => {
    kernelBackend.ensureCommandEncoderReady();
    kernelBackend.endComputePassEncoder();
    kernelBackend.submitQueue();
  };
  reuseOnlyWorking(kernelBackend.bufferManager, faults);
  faults.forget = () => forgetBroken(kernelBackend, faults);
  const inner = createTfjsBackend({
    name: "webgpu",
    engine,
    capabilities: {
      precise: true,
      transposedProducts: true,
      freshWeights: true,
      explicitPadding: true,
      steadySums: true,
    },
    lowerings,
    kernelBackend,
    checkCall: (call) => checkCall(device.limits, call),
    beforeCall: ({ primitive }) => {
      faults.primitive = primitive;
    },
  });

  const destroy = (): void => {
    if (!options.device) device.destroy();
  };
  const close = async (): Promise<void> => {
    forget();
    faults.close();
    await device.queue.onSubmittedWorkDone().catch(() => {});
    destroy();
  };
  const forget = endWithProcess(close, destroy);

  return {
    name: "webgpu",
    dtypes: inner.dtypes,
    deviceName,
    get liveArrays() {
      return inner.liveArrays;
    },
    async prepare(program, prepareOptions) {
      faults.check();
      checkProgram(device.limits, program);
      const executable = await inner.prepare(program, prepareOptions);
      return {
        run(inputs) {
          faults.check();
          return faults.watch(() => executable.run(inputs));
        },
        free: () => executable.free(),
      };
    },
    upload(array) {
      faults.check();
      checkUpload(device.limits, array);
      return faults.watch(() => inner.upload(array));
    },
    write(buffer, array) {
      faults.check();
      faults.watch(() => inner.write(buffer, array));
    },
    async read(buffer) {
      // Begun at once: what is written to the buffer while faults are awaited is not what was asked for.
      const reading = faults.watch(() => inner.read(buffer));
      reading.catch(() => {});
      await faults.settle();
      return reading.catch((error) => faults.explain(error));
    },
    free: (buffer) => inner.free(buffer),
    close,
  };
}

/** The backend as a runtime starts it by name. */
export const webgpuFactory: BackendFactory = {
  name: "webgpu",
  available: () => availability(),
  create: () => webgpuBackend(),
};
