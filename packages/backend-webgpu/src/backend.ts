// The backend: printed programs on one device, with errors, limits and the end of the device looked after.
import { type Backend, type BackendFactory, checkOptions, checks, fail, type OptionTable } from "@hooke/runtime";
import { endWithProcess } from "./exit.ts";
import { Faults } from "./faults.ts";
import { adapterName, availability, findAdapter, isSoftware } from "./gpu.ts";
import { checkProgram, checkUpload, wantedLimits } from "./limits.ts";

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
export interface WebgpuBackend extends Backend {
  /** Arrays now alive on the device: buffers, and workspaces of programs. */
  readonly liveArrays: number;
  /** What the driver calls the GPU. */
  readonly deviceName: string;
  /**
   * Waits until the GPU has finished and lets go of the device. A Node process that ends does this by itself.
   * The backend and its buffers are of no use afterwards.
   */
  close(): Promise<void>;
}

/** A device, its name, and whether a processor computes in its place. */
async function open({
  powerPreference = "high-performance",
  device,
}: WebgpuOptions): Promise<readonly [GPUDevice, string, boolean]> {
  if (device) return [device, adapterName(device.adapterInfo), isSoftware(device.adapterInfo)];
  const found = await findAdapter(powerPreference);
  if ("reason" in found) return fail("backend webgpu", `is unavailable: ${found.reason}. ${found.cure}`, "unavailable");
  const { adapter } = found;
  const requiredLimits = wantedLimits(adapter.limits);
  return [await adapter.requestDevice({ requiredLimits }), adapterName(adapter.info), isSoftware(adapter.info)];
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
  const [[device, deviceName, onProcessor], { PrintedBackend }] = await Promise.all([
    open(options),
    import("./printed/backend.ts"),
  ]);
  const faults = new Faults(device);
  const inner = new PrintedBackend(device, faults, { onProcessor });

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
