// The backend: buffers on the heap, programs planned, generated and compiled to one WebAssembly module each.
import {
  type Availability,
  type Aval,
  type Backend,
  type BackendFactory,
  type Buffer,
  BufferChecks,
  byteSize,
  checkDonation,
  checkHostArray,
  checkOptions,
  type Executable,
  fail,
  type HeldBuffer,
  HookeError,
  type HostArray,
  type PrepareOptions,
  type Program,
  sizeOf,
} from "@hooke/runtime";
import { Emitter } from "./codegen/emitter.ts";
import { type Generators, loadGenerators } from "./codegen/generators.ts";
import { emitPlan } from "./codegen/program.ts";
import { ModuleBuilder } from "./encoder/module.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { Heap } from "./heap.ts";
import type { Plan, Target } from "./plan/kernel.ts";
import { Layout, type Place } from "./plan/layout.ts";
import { planProgram } from "./plan/plan.ts";

interface WasmBuffer extends HeldBuffer {
  readonly address: number;
}

const who = "backend wasm";

const bytesOf = (array: Aval): number => sizeOf(array.shape) * byteSize[array.dtype];

const dtypes = ["f32", "f64", "i32", "u32", "bool"] as const;

/** {@link wasmBackend}, for `explain` to extend. */
export class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly dtypes = dtypes;
  private readonly heap = new Heap();
  private readonly checks = new BufferChecks<WasmBuffer>(who, this);
  private readonly relaxed: boolean;

  constructor() {
    const status = availability();
    if (!status.available) fail(who, `is unavailable: ${status.reason}. ${status.cure}`, "unavailable");
    this.relaxed = hasRelaxedSimd();
  }

  /** Bytes of WebAssembly memory now in use by buffers and programs. */
  get usedBytes(): number {
    return this.heap.usedBytes;
  }

  upload(array: HostArray): Buffer {
    checkHostArray(who, array);
    const buffer = this.reserve({ shape: [...array.shape], dtype: array.dtype });
    this.copyIn(buffer, array);
    return buffer;
  }

  write(buffer: Buffer, array: HostArray): void {
    checkHostArray(who, array);
    this.copyIn(this.checks.target(buffer, array), array);
  }

  async read(buffer: Buffer): Promise<HostArray> {
    const { shape, dtype, address } = this.checks.open(buffer);
    return { shape, dtype, data: this.heap.view(dtype, address, sizeOf(shape)).slice() };
  }

  free(buffer: Buffer): void {
    const held = this.checks.open(buffer);
    this.heap.release(held.address);
    held.freed = true;
  }

  async prepare(program: Program, { donate = [] }: PrepareOptions = {}): Promise<Executable> {
    checkDonation(who, program, donate);
    const generators = await loadGenerators(program);
    const owned: number[] = [];
    const own = (bytes: number): number => {
      const address = this.heap.allocate(bytes);
      owned.push(address);
      return address;
    };
    try {
      return await this.compile(program, generators, donate, own, owned);
    } catch (error) {
      for (const address of owned) this.heap.release(address);
      throw error;
    }
  }

  /** @param own memory that lives as long as the program; its addresses are gathered in `owned` */
  private async compile(
    program: Program,
    generators: Generators,
    donate: readonly (number | null)[],
    own: (bytes: number) => number,
    owned: readonly number[],
  ): Promise<Executable> {
    const layout = new Layout();
    const slotOf = (slot: number): Place => ({ kind: "slot", slot, exact: false });
    const scratchSlot = layout.slots(1);
    const firstInput = layout.slots(program.inputs.length);
    const firstOutput = layout.slots(program.outputs.length);
    const inputs = program.inputs.map((_, i) => slotOf(firstInput + i));
    const targets = program.outputs.map((_, i): Target => {
      const input = donate[i];
      const place = slotOf(firstOutput + i);
      return input === null || input === undefined ? { place } : { place, donated: program.inputs[input]! };
    });
    const plan = planProgram(program, layout, inputs, targets);
    const workspace = own(layout.bytes);
    for (const { offset, array } of layout.constants) {
      this.heap.view(array.dtype, workspace + offset, array.data.length).set(array.data);
    }
    const module = new ModuleBuilder();
    module.importMemory({ module: "env", name: "memory", min: 1 });
    const emitter = new Emitter(module, this.relaxed, generators, layout, workspace, scratchSlot);
    const main = module.addFunction([]);
    main.emit(emitPlan(emitter, plan, main));
    module.exportFunction("main", main);
    const instance = await this.instantiate(this.encode(program, plan, emitter), program);
    const scratch = own(emitter.scratchBytes);
    this.heap.view("u32", emitter.slotAddress(scratchSlot), 1)[0] = scratch;
    const run = instance.exports.main as () => void;
    const slots = { inputs: emitter.slotAddress(firstInput), outputs: emitter.slotAddress(firstOutput), owned };
    return this.executable(program, donate, run, slots);
  }

  /** The bytes of a program's module. */
  protected encode(_program: Program, _plan: Plan, { module }: Emitter): Uint8Array<ArrayBuffer> {
    return module.toBytes();
  }

  private async instantiate(bytes: Uint8Array<ArrayBuffer>, { nodes }: Program): Promise<WebAssembly.Instance> {
    try {
      return (await WebAssembly.instantiate(bytes, { env: { memory: this.heap.memory } })).instance;
    } catch (error) {
      throw new HookeError(
        `backend wasm: the engine does not take the program of ${nodes.length} operations, ${bytes.length} bytes of code: ` +
          `${(error as Error).message}. Divide it, or write what repeats as a scan.`,
        { code: "unsupported", cause: error },
      );
    }
  }

  private executable(
    program: Program,
    donate: readonly (number | null)[],
    run: () => void,
    slots: { readonly inputs: number; readonly outputs: number; readonly owned: readonly number[] },
  ): Executable {
    let freed = false;
    const open = (): void => {
      if (freed) fail(who, "the program was freed; prepare it again to run it.", "freed");
    };
    return {
      run: (given) => {
        open();
        const buffers = this.checks.inputs(program, donate, given);
        const results = this.reserveOutputs(program, donate, buffers);
        // Allocation may have grown the memory: views are taken only now.
        const inputSlots = this.heap.view("u32", slots.inputs, buffers.length);
        for (let i = 0; i < buffers.length; i++) inputSlots[i] = buffers[i]!.address;
        const outputSlots = this.heap.view("u32", slots.outputs, results.length);
        for (let i = 0; i < results.length; i++) outputSlots[i] = results[i]!.address;
        run();
        return results;
      },
      free: () => {
        open();
        freed = true;
        for (const address of slots.owned) this.heap.release(address);
      },
    };
  }

  /** New buffers for a run's outputs, or the donated ones; none where memory is short for one of them. */
  private reserveOutputs(
    { outputs }: Program,
    donate: readonly (number | null)[],
    buffers: readonly WasmBuffer[],
  ): WasmBuffer[] {
    const results: WasmBuffer[] = [];
    try {
      for (const [i, output] of outputs.entries()) {
        const input = donate[i];
        results.push(input === null || input === undefined ? this.reserve(output) : buffers[input]!);
      }
    } catch (error) {
      for (const [i, result] of results.entries()) if (typeof donate[i] !== "number") this.heap.release(result.address);
      throw error;
    }
    return results;
  }

  private reserve({ shape, dtype }: Aval): WasmBuffer {
    const address = this.heap.allocate(bytesOf({ shape, dtype }));
    return { shape, dtype, owner: this, freed: false, takenBy: 0, address };
  }

  private copyIn({ dtype, address }: WasmBuffer, { data }: HostArray): void {
    this.heap.view(dtype, address, data.length).set(data);
  }
}

/** What {@link wasmBackend} offers beyond the contract. */
export interface WasmBackendInfo {
  readonly usedBytes: number;
}

/** Whether WebAssembly with SIMD is there, and what to do if not. */
function availability(): Availability {
  if (typeof WebAssembly === "object" && hasSimd()) {
    return {
      available: true,
      device: hasRelaxedSimd() ? "WebAssembly relaxed SIMD" : "WebAssembly SIMD",
      dtypes,
      memory: { bytes: 2 ** 32, of: "address space of a module" },
      // One thread of a server processor: fitted to training steps of 0.06 to 11 ms, docs/decisions/0007-choosing-a-backend.md.
      speed: { launch: 0.05, gigaflops: hasRelaxedSimd() ? 50 : 25, gigabytes: 20 },
    };
  }
  return {
    available: false,
    reason: "the engine has no WebAssembly SIMD",
    cure: "Use Node 22 or newer, or a current browser.",
  };
}

/**
 * Compiles programs to WebAssembly SIMD, one module each, on the calling thread. Runs every dtype, in Node and browsers.
 *
 * @param options none so far
 * @throws if the engine has no WebAssembly SIMD; on any option
 */
export function wasmBackend(options: Readonly<Record<string, never>> = {}): Backend & WasmBackendInfo {
  checkOptions<object>("wasmBackend", options, {});
  return new WasmBackend();
}

/** The backend as a runtime starts it by name. */
export const wasmFactory: BackendFactory = {
  name: "wasm",
  available: async () => availability(),
  create: async () => wasmBackend(),
};
