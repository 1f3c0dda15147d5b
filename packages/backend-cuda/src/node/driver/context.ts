// A context of a GPU and its one stream: what is asked for is done in order. Errors of the driver are thrown by name.
import { fail } from "@hooke/runtime";
import type { Driver, Gpu } from "./driver.ts";
import { constants, deadly } from "./layouts.ts";

const who = "backend cuda";
const deadlyCodes: ReadonlySet<number> = new Set(Object.values(deadly));

export class Context {
  readonly driver: Driver;
  readonly gpu: Gpu;
  readonly functions: Driver["functions"];
  /** All work of the context. */
  readonly stream: bigint;
  /** What was launched last: the first that an error heard later may come of. */
  launched = "";
  private readonly handle: bigint;
  private loss: string | undefined;
  private closed = false;

  /** @throws where the driver opens none */
  constructor(driver: Driver, gpu: Gpu) {
    this.driver = driver;
    this.gpu = gpu;
    this.functions = driver.functions;
    this.handle = this.make("a context of the GPU", (to) => this.functions.cuCtxCreate_v2(to, 0, gpu.device));
    this.stream = this.make("a stream", (to) => this.functions.cuStreamCreate(to, constants.CU_STREAM_NON_BLOCKING));
  }

  /** Whether it answers nothing any more, and what it held is gone. */
  get isLost(): boolean {
    return this.loss !== undefined;
  }

  /** Whether nothing of it is left, and no handle of it may be given to the driver. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Before functions of the driver are called: another context may be this thread's. @throws where this one is gone */
  enter(): void {
    if (this.loss !== undefined) this.refuse(this.loss);
    if (this.closed) fail(who, "was closed; start it again with cudaBackend().", "freed");
    this.check("the context", this.functions.cuCtxSetCurrent(this.handle));
  }

  /**
   * Throws where a call failed.
   *
   * @param what it was to do
   * @param code that it returned
   */
  check(what: string, code: number): void {
    if (code === 0) return;
    const said = this.driver.explain(code);
    if (deadlyCodes.has(code)) {
      this.loss = this.launched === "" ? said : `${said}, heard behind the kernels ${this.launched}`;
      this.refuse(this.loss);
    }
    if (code === constants.CUDA_ERROR_OUT_OF_MEMORY) {
      fail(
        who,
        `${what}: the GPU has no memory left (${said}). Use smaller batches or arrays, or end other programs on it.`,
        "out-of-memory",
      );
    }
    fail(who, `${what}: the driver refuses it (${said}).`, "unsupported");
  }

  /** What the driver makes: a handle, or an address. */
  make(what: string, call: (to: BigUint64Array) => number): bigint {
    const to = new BigUint64Array(1);
    this.check(what, call(to));
    return to[0]!;
  }

  /** Ends it, with all that it holds. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    // One that is lost may not even be ended.
    this.functions.cuCtxDestroy_v2(this.handle);
  }

  private refuse(loss: string): never {
    return fail(
      who,
      `the GPU's context was lost (${loss}). What it held is gone: open it again with await backend.reopen() and ` +
        "upload arrays anew; a training goes on from its last checkpoint: fit({ ..., resume: checkpoint }).",
      "device-lost",
    );
  }
}
