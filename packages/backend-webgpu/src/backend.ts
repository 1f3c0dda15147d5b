// The backend: printed programs on one device, with errors, limits and the end of the device looked after.
import { type Backend, type BackendFactory, checkOptions, checks, delay, fail, type OptionTable } from "@hooke/runtime";
import { endWithProcess } from "./exit.ts";
import { Faults } from "./faults.ts";
import { adapterName, availability, findAdapter, isSoftware } from "./gpu.ts";
import { wantedLimits } from "./limits.ts";

/** Options of {@link webgpuBackend}. */
export interface WebgpuOptions {
  /** Which GPU, where there are several. Default: `"high-performance"`. */
  readonly powerPreference?: GPUPowerPreference;
  /**
   * A device to share with other code, instead of one of its own; `close` leaves it alive. Where it is lost, only who opened it can open another: the
   * backend has no `reopen`.
   */
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

const who = "backend webgpu";

async function openDevice(powerPreference: GPUPowerPreference = "high-performance"): Promise<GPUDevice> {
  const found = await findAdapter(powerPreference);
  if ("reason" in found) return fail(who, `is unavailable: ${found.reason}. ${found.cure}`, "unavailable");
  const { adapter } = found;
  return adapter.requestDevice({ requiredLimits: wantedLimits(adapter.limits) });
}

/** Milliseconds before a device is asked for again: a driver that has been reset may need a moment. */
const waits = [0, 250, 1000];

/** A device in place of one that was lost. */
async function openAgain({ powerPreference }: WebgpuOptions): Promise<GPUDevice> {
  let reason = "";
  for (const wait of waits) {
    await delay(wait);
    try {
      return await openDevice(powerPreference);
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  return fail(who, `the GPU device was lost, and none can be opened in its place: ${reason}`, "unavailable");
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
  const [opened, { GpuMachine }, { iterationsOf }, { PrintedBackend }] = await Promise.all([
    options.device ?? openDevice(options.powerPreference),
    import("./printed/machine.ts"),
    import("./printed/loops.ts"),
    import("@hooke/kernels"),
  ]);
  let device = opened;
  const cure = options.device
    ? "It was given to webgpuBackend({ device }), and only who opened it can open another: start the backend again with that one"
    : "Open it again with await backend.reopen()";
  let faults = new Faults(device, cure);
  const machineOf = async (device: GPUDevice, faults: Faults) =>
    new GpuMachine(device, faults, {
      onProcessor: isSoftware(device.adapterInfo),
      mostIterations: await iterationsOf(device),
    });
  const machine = await machineOf(device, faults).catch((error) => faults.explain(error));
  const inner = new PrintedBackend("webgpu", machine);
  let reopening: Promise<void> | undefined;

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

  const openAnother = async (): Promise<void> => {
    const another = await openAgain(options);
    const fresh = new Faults(another, cure);
    try {
      const moved = machineOf(another, fresh).then((machine) => inner.moveTo(machine));
      await moved.catch((error) => fresh.explain(error));
    } catch (error) {
      another.destroy();
      throw error;
    }
    // Closed meanwhile.
    if (faults.isClosed) return another.destroy();
    [device, faults] = [another, fresh];
  };
  const reopen = async (): Promise<void> => {
    if (!faults.isLost) return faults.check();
    reopening ??= openAnother().finally(() => {
      reopening = undefined;
    });
    return reopening;
  };

  return {
    name: "webgpu",
    dtypes: inner.dtypes,
    get deviceName() {
      return adapterName(device.adapterInfo);
    },
    get liveArrays() {
      return inner.liveArrays;
    },
    async prepare(program, prepareOptions) {
      faults.check();
      const heard = faults;
      const executable = await inner.prepare(program, prepareOptions).catch((error) => heard.explain(error));
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
      return faults.watch(() => inner.upload(array));
    },
    write(buffer, array) {
      faults.check();
      faults.watch(() => inner.write(buffer, array));
    },
    async read(buffer) {
      // Begun at once: what is written to the buffer while faults are awaited is not what was asked for.
      const heard = faults;
      const reading = heard.watch(() => inner.read(buffer));
      reading.catch(() => {});
      await heard.settle();
      return reading.catch((error) => heard.explain(error));
    },
    free: (buffer) => inner.free(buffer),
    ...(!options.device && { reopen }),
    close,
  };
}

/** The backend as a runtime starts it by name. */
export const webgpuFactory: BackendFactory = {
  name: "webgpu",
  available: () => availability(),
  create: () => webgpuBackend(),
};
