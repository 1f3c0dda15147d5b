// The backend: buffers on the heap, programs planned, generated and compiled to one WebAssembly module each.
import { Layout, type Plan, planProgram, type Target } from "@hooke/plan";
import {
  type Availability,
  type Aval,
  type Backend,
  type BackendFactory,
  type Buffer,
  BufferChecks,
  checkDonation,
  checkHostArray,
  checkOptions,
  checks,
  type Executable,
  fail,
  type HeldBuffer,
  HookeError,
  type HostArray,
  type PrepareOptions,
  type Program,
  type Speed,
  sizeOf,
} from "@hooke/runtime";
import { Emitter, type EmitterOptions } from "./codegen/emitter.ts";
import { type Generators, loadGenerators } from "./codegen/generators.ts";
import { emitPlan } from "./codegen/program.ts";
import { emitOneByOne } from "./codegen/tasks.ts";
import { ModuleBuilder } from "./encoder/module.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { Heap, mostPages } from "./heap.ts";
import { arrayBytes, platform } from "./platform.ts";
import { threadCount, threadsCheck } from "./threads/count.ts";
import type { Signals } from "./threads/distribute.ts";
import type { SharedProgram } from "./threads/pool.ts";
import type { Globals } from "./threads/worker.ts";
import { isWide } from "./wide/asked.ts";

interface WasmBuffer extends HeldBuffer {
  readonly address: number;
}

const who = "backend wasm";

const nothing = (): void => {};
const clock = (): number => performance.now();
const noThreads = { wake: nothing, wait: nothing };

const dtypes = ["f32", "f64", "i32", "u32", "bool"] as const;

/** {@link wasmBackend}, for `explain` to extend. */
export class WasmBackend implements Backend {
  readonly name = "wasm";
  readonly dtypes = dtypes;
  protected readonly heap: Heap;
  protected readonly threads: number;
  private readonly checks = new BufferChecks<WasmBuffer>(who, this);
  protected readonly options: EmitterOptions;

  /** @param fineness of division, below 1 in tests only: see `Emitter` */
  constructor({ threads, winograd = true, wide }: WasmBackendOptions = {}, fineness = 1) {
    const status = availability(threads);
    if (!status.available) fail(who, `is unavailable: ${status.reason}. ${status.cure}`, "unavailable");
    this.threads = threadCount(threads);
    this.heap = new Heap(this.threads > 1);
    this.options = { relaxed: hasRelaxedSimd(), wide: isWide(wide), winograd, fineness };
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

  view(buffer: Buffer): HostArray {
    const { shape, dtype, address } = this.checks.open(buffer);
    return { shape, dtype, data: this.heap.view(dtype, address, sizeOf(shape)) };
  }

  async read(buffer: Buffer): Promise<HostArray> {
    const { data, ...aval } = this.view(buffer);
    return { ...aval, data: data.slice() };
  }

  free(buffer: Buffer): void {
    const held = this.checks.open(buffer);
    this.heap.release(held.address);
    held.freed = true;
  }

  async prepare(program: Program, { donate = [] }: PrepareOptions = {}): Promise<Executable> {
    checkDonation(who, program, donate);
    const generators = await loadGenerators(program, this.options);
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
    const layout = new Layout(platform);
    const roomSlot = layout.reserve(4);
    const firstInput = layout.reserve(4 * program.inputs.length);
    const firstOutput = layout.reserve(4 * program.outputs.length);
    const inputs = program.inputs.map((_, i) => layout.behind(firstInput + 4 * i, false));
    const targets = program.outputs.map((_, i): Target => {
      const input = donate[i];
      const place = layout.behind(firstOutput + 4 * i, false);
      return input === null || input === undefined ? { place } : { place, donated: program.inputs[input]! };
    });
    const planned = generators.large?.duplicateCheap(program) ?? program;
    const plan = planProgram(planned, layout, inputs, targets, {
      dividing: generators.large?.dividing(this.threads, this.options.fineness),
      needs: (unplaced) =>
        generators.large?.needsOf(
          unplaced,
          new Emitter(new ModuleBuilder(), this.options, generators, layout, 0, 0, undefined),
          this.threads,
        ) ?? [],
      placeLarge: generators.large?.placeTightly,
      planScan: generators.scan?.planScan,
    });
    const alike = generators.AlikeLoops && new generators.AlikeLoops(plan);
    const workspace = own(layout.bytes);
    for (const { place, array, data } of layout.constants) {
      this.heap.view(array.dtype, workspace + place.offset, sizeOf(array.shape)).set(data());
    }
    const module = new ModuleBuilder();
    const shared = this.threads > 1;
    module.importMemory({ module: "env", name: "memory", min: 1, ...(shared ? { max: mostPages, shared } : {}) });
    const signal = (name: string): number => module.importFunction("env", name, { params: [], results: [] });
    const signals = shared ? { wake: signal("wake"), wait: signal("wait") } : undefined;
    const emitter = this.emitter(module, this.options, generators, layout, workspace, roomSlot, alike);
    if (shared && generators.large) {
      const { startThreads } = await import("./threads/share.ts");
      emitter.begunDividing = () => startThreads(this.threads);
    }
    const main = module.addFunction([]);
    main.emit(emitPlan(emitter, plan, main));
    module.exportFunction("main", main);
    const threads = await this.divide(emitter, signals, own);
    const compiled = await this.instantiate(this.encode(program, plan, emitter, donate), threads ?? noThreads, program);
    const { main: run, ...variables } = compiled.instance.exports as { main: () => void };
    const memories = Array.from({ length: threads ? this.threads : 1 }, () => this.memoryOf(emitter, own));
    const [first, ...others] = memories as [Globals, ...Globals[]];
    for (const name in first) (variables as Record<string, WebAssembly.Global>)[name]!.value = first[name];
    const starts = memories.map((memory) => memory.own!);
    emitter.rooms?.give(plan, starts, own, (address, count) => this.heap.view("u32", address, count));
    threads?.start(compiled.module, others);
    const slots = { inputs: emitter.address(firstInput), outputs: emitter.address(firstOutput), owned };
    const once = this.watched(program, plan, emitter, threads ? () => threads.run(run) : run);
    return this.executable(program, donate, once, slots, threads);
  }

  /** What writes a program's code. */
  protected emitter(...given: ConstructorParameters<typeof Emitter>): Emitter {
    return new Emitter(...given);
  }

  /** Addresses of the memory that one thread has for itself, each in a variable of the module. */
  protected memoryOf({ layout, scratchBytes, rooms }: Emitter, own: (bytes: number) => number): Globals {
    // What is ahead of it is `passingBytes` of `wide/reducing.ts`.
    return { own: own(128 + layout.ownBytes + (rooms?.listBytes ?? scratchBytes)) + 128 };
  }

  /** What runs a program once. */
  protected watched(_program: Program, _plan: Plan, _emitter: Emitter, run: () => void): () => void {
    return run;
  }

  /** Writes how divided kernels are computed, if there are any: one piece after the other, or by threads. */
  protected async divide(
    { module, distributor }: Emitter,
    signals: Signals | undefined,
    own: (bytes: number) => number,
  ): Promise<SharedProgram | undefined> {
    if (distributor === undefined) return undefined;
    if (signals === undefined) {
      emitOneByOne(module, distributor);
      return undefined;
    }
    const { share, controlBytes } = await import("./threads/share.ts");
    const { threads } = this;
    return share(module, distributor, signals, this.heap.memory, { address: own(controlBytes(threads)), threads });
  }

  /** The bytes of a program's module. */
  protected encode(
    _program: Program,
    _plan: Plan,
    { module }: Emitter,
    _donate: readonly (number | null)[],
  ): Uint8Array<ArrayBuffer> {
    return module.toBytes();
  }

  protected async instantiate(
    bytes: Uint8Array<ArrayBuffer>,
    { wake, wait }: Record<keyof Signals, () => void>,
    { nodes }: Program,
  ): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
    try {
      return await WebAssembly.instantiate(bytes, { env: { memory: this.heap.memory, wake, wait, clock } });
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
    threads: SharedProgram | undefined,
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
        // Memory that a thread may still look at stays.
        if (threads?.end() === false) return;
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
    const address = this.heap.allocate(arrayBytes({ shape, dtype }));
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

/** Of a server processor: fitted to programs of 0.03 to 45 ms, docs/decisions/0007-choosing-a-backend.md. */
function speedOf(threads: number, wide: boolean): Speed {
  // What is large is 1.6 to 1.9 times as fast on two.
  const gain = 1 + 0.7 * (threads - 1);
  return {
    launches: "kernels",
    launch: 0.05,
    gigaflops: gain * (hasRelaxedSimd() ? 60 : 30) * (wide ? 1.8 : 1),
    gigabytes: gain * 30,
  };
}

/** Whether WebAssembly with SIMD is there, and what to do if not. @throws on a wrong `HOOKE_THREADS` or `HOOKE_WIDE` */
function availability(asked?: number): Availability {
  if (typeof WebAssembly === "object" && hasSimd()) {
    const threads = threadCount(asked);
    return {
      available: true,
      device: hasRelaxedSimd() ? "WebAssembly relaxed SIMD" : "WebAssembly SIMD",
      dtypes,
      memory: { bytes: 2 ** 32, of: "address space of a module" },
      speed: speedOf(threads, isWide(undefined)),
    };
  }
  return {
    available: false,
    reason: "the engine has no WebAssembly SIMD",
    cure: "Use Node 22 or newer, or a current browser.",
  };
}

/** Options of {@link wasmBackend}. */
export interface WasmBackendOptions {
  /**
   * How many threads compute, at most 64; results are the same bits with any number. Default: `HOOKE_THREADS`, where the environment sets it, or
   * the number of cores, at most 8. One in pages that are not cross-origin isolated.
   */
  readonly threads?: number;
  /**
   * Whether convolutions of f32 with windows of 3 x 3 or 3 x 3 x 3 may be computed in tiles by Winograd's algorithm, with four ninths or 0.3 of the
   * multiplications. An output is then off by some 1e-7 of the largest input of its window times the largest weight, even where these do not meet.
   * Default: true; false where inputs within a window, or weights, differ a thousandfold or more.
   */
  readonly winograd?: boolean;
  /**
   * Whether the engine joins pairs of vectors into one of 256 bits, with the same results: products then take half the time. V8 does, on x64 with AVX2, which this
   * switches on for the whole process in Node. A page's browser has to be started with it (Chromium 156: `--js-flags=--wasm-revectorize`), as nothing tells
   * whether it was: without, products take three times as long. Default: `HOOKE_WIDE`, 1 or 0, where the environment sets it, or false.
   */
  readonly wide?: boolean;
}

/** What may be asked of a backend. */
export const backendOptions = { threads: threadsCheck, winograd: checks.flag, wide: checks.flag };

/** @throws on an unknown option or a wrong one */
export function checkBackendOptions(who: string, options: WasmBackendOptions): void {
  checkOptions<WasmBackendOptions>(who, options, { optional: backendOptions });
}

/**
 * Compiles programs to WebAssembly SIMD, one module each. Runs every dtype, in Node and browsers. Programs with large kernels run on threads,
 * which start with the first of them.
 *
 * @throws if the engine has no WebAssembly SIMD; on an unknown option or a wrong one; on a wrong `HOOKE_THREADS` or `HOOKE_WIDE`
 */
export function wasmBackend(options: WasmBackendOptions = {}): Backend & WasmBackendInfo {
  checkBackendOptions("wasmBackend", options);
  return new WasmBackend(options);
}

/** The backend as a runtime starts it by name. */
export const wasmFactory: BackendFactory = {
  name: "wasm",
  available: async () => availability(),
  create: async () => wasmBackend(),
};
