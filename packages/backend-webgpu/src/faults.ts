// Errors of the device. WebGPU reports them later and elsewhere; here they are collected and thrown at the next call.
import { fail, HookeError } from "@hooke/runtime";

const who = "backend webgpu";

/** What a driver says, to be continued. */
const clause = (message: string): string => message.trim().replace(/\.+$/, "");

/** What went wrong on a device and has not been thrown yet. */
export class Faults {
  private readonly pending = new Set<Promise<void>>();
  readonly device: GPUDevice;
  private readonly cure: string;
  private cause: string | undefined;
  /** Reported by nobody knows which call; often what a cause brought about. */
  private consequence: string | undefined;
  /** Whether the cause is a lack of memory. */
  private lacksMemory = false;
  private loss: string | undefined;
  private closed = false;
  /** Until it is resolved, what the device reports comes of an error that has been thrown. */
  private aftermath: Promise<void> | undefined;
  /** What is being watched, and whether something it created has failed: what the device says of it then follows from that. */
  private work: { isExplained: boolean } | undefined;

  /** @param cure what to do where the device is lost */
  constructor(device: GPUDevice, cure: string) {
    this.device = device;
    this.cure = cure;
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      if (this.aftermath === undefined) this.consequence ??= clause(event.error.message);
    });
    void device.lost.then(({ message }) => {
      this.loss ??= message || "the driver gave no reason";
    });
  }

  get isClosed(): boolean {
    return this.closed;
  }

  /** Whether the device is gone, without having been closed. */
  get isLost(): boolean {
    return this.loss !== undefined && !this.closed;
  }

  /** From here on losing the device is intended. */
  close(): void {
    this.closed = true;
  }

  /**
   * Creates something on the device.
   *
   * @param what the error will name, should it fail
   * @param failed is told so
   */
  guard<T extends object>(what: string, create: () => T, failed: () => void = () => {}): T {
    this.device.pushErrorScope("out-of-memory");
    this.device.pushErrorScope("validation");
    const { work } = this;
    const fault = (message: string, ofMemory: boolean): void => {
      if (work) work.isExplained = true;
      this.note(`${what}: ${message}`, ofMemory);
      failed();
    };
    try {
      return create();
    } finally {
      this.collect((error) => fault(clause(error.message), false));
      this.collect((error) =>
        fault(
          `the device has no memory left (${clause(error.message)}). Use smaller batches or arrays, or the backend wasm`,
          true,
        ),
      );
    }
  }

  /**
   * Does what calls kernels or moves arrays. What the device has against a bind group or a command, which are not guarded one by
   * one, is heard before what they compute can be read; an uncaptured error may be told later than that.
   *
   * @param what the error will name, where the browser does not: Firefox and Deno leave labels out
   */
  watch<T>(doWork: () => T, what = ""): T {
    const around = this.work;
    const work = around ?? { isExplained: false };
    this.device.pushErrorScope("validation");
    this.work = work;
    try {
      return doWork();
    } finally {
      this.work = around;
      this.collect((error) => {
        if (work.isExplained) return;
        const message = clause(error.message);
        this.note(message.includes(what) ? message : `${what}: ${message}`, false);
      });
    }
  }

  /** Throws what is known to have gone wrong. */
  check(): void {
    if (this.closed) fail(who, "was closed; start it again with webgpuBackend().", "freed");
    if (this.loss !== undefined) {
      fail(
        who,
        `the GPU device was lost (${this.loss}), and what it held is gone. ${this.cure}, and upload arrays anew; a training goes on from ` +
          "its last checkpoint: fit({ ..., resume: checkpoint }).",
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

  /** Waits for reports that are under way. */
  async heard(): Promise<void> {
    await Promise.all(this.pending);
  }

  /** Waits for reports that are under way, then throws what went wrong, once nothing more is to be heard of it. */
  async settle(): Promise<void> {
    await this.heard();
    try {
      this.check();
    } catch (error) {
      await this.aftermath;
      throw error;
    }
  }

  /** Turns an exception of the browser into what is known about its cause. */
  async explain(error: unknown): Promise<never> {
    // A failed read may be told before the loss of the device that caused it; what was refused before it came to the device has no such cause.
    if (!(error instanceof HookeError))
      await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 100))]);
    await this.settle();
    throw error;
  }

  /** Browsers may deliver what was reported before as a later event. */
  private abandon(): void {
    const aftermath = this.device.queue
      .onSubmittedWorkDone()
      .catch(() => {})
      .then(() => new Promise<void>((resolve) => setTimeout(resolve)))
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
