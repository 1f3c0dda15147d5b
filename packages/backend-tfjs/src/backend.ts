// The backend: buffers are arrays of a tfjs engine that are never changed, only exchanged; programs are planned and replayed.
import {
  type Aval,
  allocate,
  type Backend,
  type Buffer,
  BufferChecks,
  type Check,
  checkDonation,
  checkHostArray,
  checkOptions,
  type DType,
  describe,
  type Executable,
  fail,
  type HeldBuffer,
  type HostArray,
  type OptionTable,
  type PrepareOptions,
  type Program,
  sizeOf,
} from "@hooke/runtime";
import { getKernel, getKernelsForBackend, type KernelBackend } from "@tensorflow/tfjs-core";
import { Device, isHost, type Stored } from "./device.ts";
import { lowerings as common } from "./lower/index.ts";
import type { Lowerings } from "./lower/table.ts";
import type { Capabilities } from "./plan/capabilities.ts";
import { planProgram } from "./plan/plan.ts";
import type { Held, KernelCall, Target } from "./plan/step.ts";
import { Replay } from "./replay.ts";

/** Options of {@link createTfjsBackend}. */
export interface TfjsBackendOptions {
  /** The backend's name in Hooke: what `runtime.backend.name` and messages say. */
  readonly name: string;
  /** The name under which tfjs registered the kernels: `"cpu"`, `"wasm"`, `"webgpu"`, `"tensorflow"`. */
  readonly engine: string;
  /** The started tfjs kernel backend, e.g. `tf.backend()` after `await tf.setBackend(engine)`. */
  readonly kernelBackend: KernelBackend;
  /** What the kernels can do that not every engine's can. Default: nothing. */
  readonly capabilities?: Capabilities;
  /** Lowerings that replace the common ones where this engine has something better. */
  readonly lowerings?: Partial<Lowerings>;
  /** Sees every kernel call when a program is prepared; throws to refuse it, e.g. for exceeding a limit of the device. */
  readonly checkCall?: (call: KernelCall) => void;
  /** Sees every kernel call just before it is made, e.g. to say later what failed on the device. */
  readonly beforeCall?: (call: KernelCall) => void;
}

/** What {@link createTfjsBackend} offers beyond the contract. */
export interface TfjsBackend extends Backend {
  /** Arrays now alive on the device: buffers, and constants of programs. */
  readonly liveArrays: number;
}

interface TfjsBuffer extends HeldBuffer {
  stored: Stored;
}

/** The element types that every backend made of tfjs's kernels runs. */
export const dtypes: readonly DType[] = ["f32", "i32", "u32", "bool"];

class TfjsBackendImplementation implements TfjsBackend {
  readonly name: string;
  readonly dtypes = dtypes;
  private readonly device: Device;
  private readonly target: Target;
  private readonly lowerings: Lowerings;
  private readonly checks: BufferChecks<TfjsBuffer>;

  constructor(options: TfjsBackendOptions) {
    const {
      name,
      engine,
      kernelBackend,
      capabilities = {},
      lowerings = {},
      checkCall = () => {},
      beforeCall,
    } = options;
    this.name = name;
    this.checks = new BufferChecks(`backend ${name}`, this);
    this.device = new Device(name, engine, kernelBackend, beforeCall);
    this.target = { name, capabilities, checkCall, has: (kernel) => getKernel(kernel, engine) !== undefined };
    this.lowerings = { ...common, ...lowerings };
  }

  get liveArrays(): number {
    return this.device.backend.numDataIds();
  }

  upload(array: HostArray): Buffer {
    const { shape, dtype } = array;
    checkHostArray(`backend ${this.name}`, array);
    if (!this.dtypes.includes(dtype)) {
      fail(
        `backend ${this.name}`,
        `does not run ${dtype} (${describe(array)}); it runs ${this.dtypes.join(", ")}.`,
        "unsupported",
      );
    }
    return this.hold({ shape: [...shape], dtype }, this.store(array));
  }

  write(buffer: Buffer, array: HostArray): void {
    checkHostArray(`backend ${this.name}`, array);
    const target = this.checks.target(buffer, array);
    const before = target.stored;
    target.stored = this.store(array);
    this.device.release(before);
  }

  async read(buffer: Buffer): Promise<HostArray> {
    const { shape, dtype, stored } = this.checks.open(buffer);
    if (isHost(stored)) return { shape, dtype, data: stored.data.slice() };
    if (sizeOf(shape) === 0) return { shape, dtype, data: allocate(dtype, 0) };
    this.device.share(stored);
    try {
      return this.hostArray(buffer, await this.device.backend.read(stored));
    } finally {
      this.device.release(stored);
    }
  }

  free(buffer: Buffer): void {
    const held = this.checks.open(buffer);
    held.freed = true;
    this.device.release(held.stored);
  }

  async prepare(program: Program, { donate = [] }: PrepareOptions = {}): Promise<Executable> {
    checkDonation(`backend ${this.name}`, program, donate);
    const replays = new Map<string, Replay>();
    const replayOf = (where: readonly Held["where"][]): Replay => {
      const key = where.join();
      let replay = replays.get(key);
      if (replay === undefined) {
        replay = new Replay(this.device, planProgram(program, where, this.target, this.lowerings));
        replays.set(key, replay);
      }
      return replay;
    };
    const isUsual = (stored: Stored, i: number): boolean => isHost(stored) === (program.inputs[i]!.dtype === "u32");
    const usual = replayOf(program.inputs.map(({ dtype }) => (dtype === "u32" ? "host" : "device")));
    let isFreed = false;
    const open = (): void => {
      if (isFreed) fail(`backend ${this.name}`, "the program was freed; prepare it again to run it.", "freed");
    };
    return {
      run: (given) => {
        open();
        const buffers = this.checks.inputs(program, donate, given);
        const inputs = buffers.map((buffer) => this.input(buffer));
        const replay = inputs.every(isUsual)
          ? usual
          : replayOf(inputs.map((stored) => (isHost(stored) ? "host" : "device")));
        const results = replay.run(inputs);
        return program.outputs.map(({ shape, dtype }, i) =>
          this.result({ shape, dtype }, results[i]!, buffers, donate[i]),
        );
      },
      free: () => {
        open();
        isFreed = true;
        for (const replay of replays.values()) replay.free();
        replays.clear();
      },
    };
  }

  /** A new buffer, or the donated one with new contents. */
  private result(
    aval: Aval,
    stored: Stored,
    buffers: readonly TfjsBuffer[],
    donated: number | null | undefined,
  ): Buffer {
    if (donated === null || donated === undefined) return this.hold(aval, stored);
    const target = buffers[donated]!;
    this.device.release(target.stored);
    target.stored = stored;
    return target;
  }

  /**
   * Words that a program computed on the device are brought to the host, once, where the engine can do nothing with keys. One that
   * can may be unable to read at once, as WebGPU is.
   */
  private input(buffer: TfjsBuffer): Stored {
    const { stored } = buffer;
    if (buffer.dtype !== "u32" || isHost(stored) || this.target.has("RandomBits")) return stored;
    const array = this.hostArray(buffer, this.device.backend.readSync(stored));
    this.device.release(stored);
    buffer.stored = array;
    return array;
  }

  private store(array: HostArray): Stored {
    return array.dtype === "u32" ? { ...array, data: array.data.slice() } : this.device.write(array);
  }

  private hostArray({ shape, dtype }: Buffer, values: unknown): HostArray {
    const source = values as Int32Array;
    const data = allocate(dtype, sizeOf(shape));
    for (let i = 0; i < data.length; i++) data[i] = source[i]!;
    return { shape, dtype, data };
  }

  private hold({ shape, dtype }: Aval, stored: Stored): TfjsBuffer {
    return { shape, dtype, owner: this, freed: false, takenBy: 0, stored };
  }
}

const text: Check = (value) => (typeof value === "string" ? undefined : "a text");
const record: Check = (value) => (typeof value === "object" && value !== null ? undefined : "a record");
const called: Check = (value) => (typeof value === "function" ? undefined : "a function of a call");

const optionTable: OptionTable<TfjsBackendOptions> = {
  required: { name: text, engine: text, kernelBackend: record },
  optional: { capabilities: record, lowerings: record, checkCall: called, beforeCall: called },
};

/**
 * Makes a backend out of a tfjs kernel backend. It runs `f32`, `i32`, `u32` and `bool`; kernels are called directly, without
 * tfjs's engine, and what they make is freed by the program's plan.
 *
 * @throws if tfjs has no kernels under that name
 */
export function createTfjsBackend(options: TfjsBackendOptions): TfjsBackend {
  checkOptions<TfjsBackendOptions>("createTfjsBackend", options, optionTable);
  if (getKernelsForBackend(options.engine).length === 0) {
    fail(
      `backend ${options.name}`,
      `tfjs has no kernels for "${options.engine}"; import the package that registers them first.`,
      "unavailable",
    );
  }
  return new TfjsBackendImplementation(options);
}
