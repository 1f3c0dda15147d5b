// The backend: buffers on the heap, programs planned, generated and compiled to one WebAssembly module each.
import {
  type Availability,
  type Backend,
  type BackendFactory,
  type Buffer,
  byteSize,
  describe,
  type Executable,
  fail,
  type HostArray,
  type PrepareOptions,
  type Program,
  sizeOf,
} from "@hooke/runtime";
import { Emitter } from "./codegen/emitter.ts";
import { emitPlan } from "./codegen/program.ts";
import { ModuleBuilder } from "./encoder/module.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { Heap } from "./heap.ts";
import { Layout, type Place } from "./plan/layout.ts";
import { planProgram, type Target } from "./plan/plan.ts";

interface WasmBuffer extends Buffer {
  /** 0 once freed. */
  address: number;
}

const bytesOf = (array: Buffer): number => sizeOf(array.shape) * byteSize[array.dtype];

const dtypes = ["f32", "f64", "i32", "u32", "bool"] as const;

class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly dtypes = dtypes;
  private readonly heap = new Heap();
  private readonly relaxed: boolean;

  constructor(relaxed: boolean) {
    this.relaxed = relaxed;
  }

  /** Bytes of WebAssembly memory now in use by buffers and programs. */
  get usedBytes(): number {
    return this.heap.usedBytes;
  }

  upload(array: HostArray): Buffer {
    const buffer = this.reserve(array);
    this.write(buffer, array);
    return buffer;
  }

  write(buffer: Buffer, array: HostArray): void {
    const target = this.open(buffer);
    if (array.data.length !== sizeOf(target.shape) || array.dtype !== target.dtype) {
      fail("backend wasm", `write received ${describe(array)} for a buffer of ${describe(target)}.`);
    }
    this.heap.view(target.dtype, target.address, array.data.length).set(array.data);
  }

  async read(buffer: Buffer): Promise<HostArray> {
    const { shape, dtype, address } = this.open(buffer);
    return { shape, dtype, data: this.heap.view(dtype, address, sizeOf(shape)).slice() };
  }

  free(buffer: Buffer): void {
    const { address } = buffer as WasmBuffer;
    if (address !== 0) this.heap.release(address);
    (buffer as WasmBuffer).address = 0;
  }

  async prepare(program: Program, { donate = [] }: PrepareOptions = {}): Promise<Executable> {
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
    const workspace = this.heap.allocate(layout.bytes);
    for (const { offset, array } of layout.constants) {
      this.heap.view(array.dtype, workspace + offset, array.data.length).set(array.data);
    }
    const module = new ModuleBuilder();
    module.importMemory({ module: "env", name: "memory", min: 1 });
    const emitter = new Emitter(module, this.relaxed, layout, workspace, scratchSlot);
    const main = module.addFunction([]);
    main.emit(emitPlan(emitter, plan, main));
    module.exportFunction("main", main);
    const { instance } = await WebAssembly.instantiate(module.toBytes(), { env: { memory: this.heap.memory } });
    const scratch = this.heap.allocate(emitter.scratchBytes);
    this.heap.view("u32", emitter.slotAddress(scratchSlot), 1)[0] = scratch;
    const run = instance.exports.main as () => void;
    return this.executable(program, donate, run, {
      inputs: emitter.slotAddress(firstInput),
      outputs: emitter.slotAddress(firstOutput),
      owned: [workspace, scratch],
    });
  }

  private executable(
    { inputs, outputs }: Program,
    donate: readonly (number | null)[],
    run: () => void,
    slots: { readonly inputs: number; readonly outputs: number; readonly owned: readonly number[] },
  ): Executable {
    return {
      run: (given) => {
        if (given.length !== inputs.length) {
          fail("backend wasm", `the program takes ${inputs.length} inputs, received ${given.length}.`);
        }
        const buffers = given as readonly WasmBuffer[];
        const results = outputs.map((output, i) => {
          const input = donate[i];
          return input === null || input === undefined ? this.reserve(output) : buffers[input]!;
        });
        // Allocation may have grown the memory: views are taken only now.
        const inputSlots = this.heap.view("u32", slots.inputs, buffers.length);
        for (const [i, buffer] of buffers.entries()) inputSlots[i] = this.open(buffer).address;
        const outputSlots = this.heap.view("u32", slots.outputs, results.length);
        for (const [i, buffer] of results.entries()) outputSlots[i] = buffer.address;
        run();
        return results;
      },
      free: () => {
        for (const address of slots.owned) this.heap.release(address);
      },
    };
  }

  private reserve({ shape, dtype }: Buffer): WasmBuffer {
    return { shape, dtype, address: this.heap.allocate(bytesOf({ shape, dtype })) };
  }

  private open(buffer: Buffer): WasmBuffer {
    const open = buffer as WasmBuffer;
    if (open.address === 0) fail("backend wasm", `the buffer ${describe(buffer)} has been freed; upload it again.`);
    return open;
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
 * @throws if the engine has no WebAssembly SIMD
 */
export function wasmBackend(): Backend & WasmBackendInfo {
  const status = availability();
  if (!status.available) fail("backend wasm", `is unavailable: ${status.reason}. ${status.cure}`);
  return new WasmBackend(hasRelaxedSimd());
}

/** The backend as a runtime starts it by name. */
export const wasmFactory: BackendFactory = {
  name: "wasm",
  available: async () => availability(),
  create: async () => wasmBackend(),
};
