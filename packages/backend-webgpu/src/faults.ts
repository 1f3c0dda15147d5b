// Errors of the device. WebGPU reports them later and elsewhere; here they are collected and thrown at the next call.
import { fail, primitiveNames } from "@hooke/runtime";

const who = "backend webgpu";

/** What a driver says, to be continued. */
const clause = (message: string): string => message.trim().replace(/\.+$/, "");

/** What a driver says, after the primitive whose label it quotes. */
function labelled(message: string): string {
  const primitive = primitiveNames().find((name) => message.includes(`"${name}"`));
  return (primitive ? `${primitive}: ` : "") + clause(message);
}

/** What went wrong on a device and has not been thrown yet. */
export class Faults {
  /** The primitive whose kernel is being called. */
  primitive: string | undefined;
  /** Submits the commands recorded so far. */
  flush: () => void = () => {};
  /** Forgets what the device could not create. */
  forget: () => void = () => {};
  private readonly pending = new Set<Promise<void>>();
  readonly device: GPUDevice;
  /** Named after its primitive. */
  private cause: string | undefined;
  /** Reported by nobody knows which call; often what a cause brought about. */
  private consequence: string | undefined;
  /** Whether the cause is a lack of memory. */
  private lacksMemory = false;
  private loss: string | undefined;
  private closed = false;
  /** Until it is resolved, what the device reports comes of an error that has been thrown. */
  private aftermath: Promise<void> | undefined;
  private readonly broken = new WeakSet<object>();
  /** What is being watched, and whether something it created has failed: what the device says of it then follows from that. */
  private work: { isExplained: boolean } | undefined;

  constructor(device: GPUDevice) {
    this.device = device;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      if (this.aftermath === undefined) this.consequence ??= labelled(event.error.message);
    });
    void device.lost.then(({ message }) => {
      this.loss ??= message || "the driver gave no reason";
    });
  }

  /** From here on losing the device is intended. */
  close(): void {
    this.closed = true;
  }

  /** Creates something on the device; should that fail, the error will name the primitive that needed it. */
  guard<T extends object>(create: () => T): T {
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    const { primitive, work } = this;
    let created: T | undefined;
    const failed = (message: string, ofMemory: boolean): void => {
      if (work) work.isExplained = true;
      this.note((primitive ? `${primitive}: ` : "") + message, ofMemory);
      if (!created) return;
      this.broken.add(created);
      this.forget();
    };
    try {
      created = create();
      return created;
    } finally {
      this.collect((error) => failed(clause(error.message), false));
      this.collect((error) =>
        failed(
          `the device has no memory left (${clause(error.message)}). Use smaller batches or arrays, or the backend wasm`,
          true,
        ),
      );
    }
  }

  /**
   * Does what calls kernels or moves arrays. What the device has against a bind group or a command, which are not guarded one by
   * one, is heard before what they compute can be read; an uncaptured error may be told later than that.
   */
  watch<T>(doWork: () => T): T {
    const work = { isExplained: false };
    this.device.pushErrorScope("validation");
    this.work = work;
    try {
      return doWork();
    } finally {
      this.work = undefined;
      this.collect((error) => {
        if (!work.isExplained) this.note(labelled(error.message), false);
      });
    }
  }

  /** Whether the device has reported that it could not create this. */
  isBroken(created: object): boolean {
    return this.broken.has(created);
  }

  /** Throws what is known to have gone wrong. */
  check(): void {
    if (this.closed) fail(who, "was closed; start it again with webgpuBackend().", "freed");
    if (this.loss !== undefined) {
      fail(
        who,
        `the GPU device was lost (${this.loss}). What it held is gone: start the backend again, or another one, and ` +
          "continue from the last checkpoint: fit({ ..., resume: checkpoint }).",
        "device-lost",
      );
    }
    // The cause may still be under way.
    const message = this.cause ?? (this.pending.size === 0 ? this.consequence : undefined);
    if (message === undefined) return;
    const code = this.lacksMemory ? "out-of-memory" : "unsupported";
    this.lacksMemory = false;
    this.cause = undefined;
    this.consequence = undefined;
    this.abandon();
    fail(who, `${message}. The results of this run are not valid.`, code);
  }

  /** Waits for reports that are under way, then throws what went wrong, once nothing more is to be heard of it. */
  async settle(): Promise<void> {
    await Promise.all(this.pending);
    try {
      this.check();
    } catch (error) {
      await this.aftermath;
      throw error;
    }
  }

  /** Turns an exception of tfjs or the browser into what is known about its cause. */
  async explain(error: unknown): Promise<never> {
    // A failed read may be told before the loss of the device that caused it.
    await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
    await this.settle();
    throw error;
  }

  /** Recorded commands that use what failed would spoil those recorded after them: they go now, and fail unheard. */
  private abandon(): void {
    this.device.pushErrorScope("validation");
    this.flush();
    const aftermath = this.device
      .popErrorScope()
      .catch(() => {})
      // Browsers may deliver what was reported before as a later event.
      .then(() => new Promise((resolve) => setTimeout(resolve)))
      .then(() => {
        if (this.aftermath === aftermath) this.aftermath = undefined;
      });
    this.aftermath = aftermath;
  }

  /** Keeps the first cause. */
  private note(message: string, ofMemory: boolean): void {
    if (this.cause === undefined) this.lacksMemory = ofMemory;
    this.cause ??= message;
  }

  /** Ends the innermost error scope. */
  private collect(failed: (error: GPUError) => void): void {
    const entry = this.device
      .popErrorScope()
      .then((error) => {
        if (error !== null) failed(error);
      })
      // A lost device reports nothing else.
      .catch(() => {})
      .finally(() => this.pending.delete(entry));
    this.pending.add(entry);
  }
}

/**
 * The part of a device that tfjs uses, with everything it creates guarded. Bind groups and commands, one for each call, are
 * watched together instead: their labels name the primitive, and `labelled` finds it in whatever is said of them.
 */
export function guarded(device: GPUDevice, faults: Faults): GPUDevice {
  const named = <T extends GPUObjectDescriptorBase>(descriptor: T): T => ({
    ...descriptor,
    label: faults.primitive ?? "",
  });
  const part: Partial<GPUDevice> = {
    features: device.features,
    limits: device.limits,
    queue: device.queue,
    createBuffer: (descriptor) => faults.guard(() => device.createBuffer(descriptor)),
    createShaderModule: (descriptor) => faults.guard(() => device.createShaderModule(descriptor)),
    createComputePipeline: (descriptor) => faults.guard(() => device.createComputePipeline(descriptor)),
    createBindGroup: (descriptor) => device.createBindGroup(named(descriptor)),
    createCommandEncoder: (descriptor) => device.createCommandEncoder(named(descriptor ?? {})),
  };
  return part as GPUDevice;
}
