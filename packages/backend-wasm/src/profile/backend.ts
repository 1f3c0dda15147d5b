// The backend that measures what it computes, and the machine.
import { Layout, type Plan } from "@hooke/plan";
import { Program, remember } from "@hooke/runtime";
import { Emitter } from "../codegen/emitter.ts";
import { plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { type FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { namedModule } from "../explain/names.ts";
import { NotingBackend } from "../explain/noting.ts";
import { mostPages } from "../heap.ts";
import { platform } from "../platform.ts";
import type { Globals } from "../threads/worker.ts";
import { MeasuringEmitter } from "./emitter.ts";
import { type Machine, multiplying, operationsOfRound, passing, type Rates, sizesOf } from "./machine.ts";
import { Recording } from "./recording.ts";

/** Of each measurement of the machine, the best of at least so many counts; on several threads, of all within the milliseconds that a worker takes to begin. */
const [attempts, beginning] = [8, 120];
/** Of a piece: rounds in registers, bytes that it passes over at least. */
const rounds = 10_000;
const moved = 2 ** 22;

/** What was measured, by the number of threads and whether vectors are joined. */
const machines = /* @__PURE__ */ new Map<string, Promise<Machine>>();

export class MeasuringBackend extends NotingBackend {
  /** Of every program prepared. */
  readonly recordings: Recording[] = [];

  protected override emitter(...given: ConstructorParameters<typeof Emitter>): Emitter {
    return new MeasuringEmitter(this.productsOf, ...given);
  }

  protected override encode(_program: Program, _plan: Plan, emitter: Emitter): Uint8Array<ArrayBuffer> {
    return namedModule(emitter as MeasuringEmitter);
  }

  protected override memoryOf(emitter: Emitter, own: (bytes: number) => number): Globals {
    const { blocks, blockBytes } = emitter as MeasuringEmitter;
    const times = own(blockBytes);
    blocks.push(times);
    return { ...super.memoryOf(emitter, own), times };
  }

  protected override watched(program: Program, plan: Plan, emitter: Emitter, run: () => void): () => void {
    const recording = new Recording(program, plan, emitter as MeasuringEmitter, this.heap);
    this.recordings.push(recording);
    return () => recording.measure(run);
  }

  /** Measures what the processor does at best, in a second; once for a number of threads and a width of vectors. */
  machine(): Promise<Machine> {
    const { threads, options } = this;
    return remember(machines, `${threads} ${options.wide}`, async () => {
      if (options.wide) (await import("../wide/index.ts")).joinVectors();
      const one = await this.rates(1);
      return { one, all: threads === 1 ? one : await this.rates(threads) };
    });
  }

  private async rates(threads: number): Promise<Rates> {
    const multiplications = async (dtype: "f32" | "f64"): Promise<number> => {
      const pieces = 8 * threads;
      const seconds = await this.best(threads, pieces, (fn) => fn.emit(multiplying(fn, dtype, rounds, this.options)));
      return (pieces * rounds * operationsOfRound(dtype, this.options)) / seconds / 1e9;
    };
    const gigaflops = { f32: await multiplications("f32"), f64: await multiplications("f64") };
    const memory: { bytes: number; gigabytes: number }[] = [];
    for (const bytes of sizesOf(threads)) memory.push({ bytes, gigabytes: await this.passes(threads, bytes) });
    return { threads, gigaflops, memory };
  }

  /** Billions of bytes a second of threads that pass over memory of their own, so many bytes together. */
  private async passes(threads: number, bytes: number): Promise<number> {
    const array = Math.floor(bytes / threads / 3 / 64) * 64;
    const repeats = Math.ceil(moved / (3 * array));
    const ofThread = repeats === 1 ? 1 : 8;
    const address = this.heap.allocate(3 * array * threads);
    let best = Number.POSITIVE_INFINITY;
    try {
      for (const writes of [true, false]) {
        const seconds = await this.best(threads, ofThread * threads, (fn, piece) => {
          const thread = i32.div_u(piece, i32.const(ofThread));
          fn.emit(passing(fn, plus(i32.const(address), [thread, 3 * array]), array, repeats, writes));
        });
        best = Math.min(best, seconds);
      }
    } finally {
      this.heap.release(address);
    }
    return (ofThread * threads * repeats * 3 * array) / best / 1e9;
  }

  /** Seconds that so many pieces take on some threads, at best. */
  private async best(
    threads: number,
    pieces: number,
    write: (fn: FunctionBuilder, piece: Code) => void,
  ): Promise<number> {
    const owned: number[] = [];
    const own = (bytes: number): number => {
      const address = this.heap.allocate(bytes);
      owned.push(address);
      return address;
    };
    const module = new ModuleBuilder();
    const shared = this.threads > 1;
    module.importMemory({ module: "env", name: "memory", min: 1, ...(shared ? { max: mostPages, shared } : {}) });
    const signal = (name: string): number => module.importFunction("env", name, { params: [], results: [] });
    const signals = shared ? { wake: signal("wake"), wait: signal("wait") } : undefined;
    const emitter = new Emitter(
      module,
      this.options,
      { routines: {}, math: {}, scan: undefined, large: undefined, AlikeLoops: undefined, wide: undefined },
      new Layout(platform),
      0,
      0,
      undefined,
    );
    const main = module.addFunction([]);
    if (threads === 1) for (let piece = 0; piece < pieces; piece++) write(main, i32.const(0));
    else main.emit(emitter.pieces(pieces, write));
    module.exportFunction("main", main);
    const program = new Program([], [], []);
    const sharing = await this.divide(emitter, signals, own);
    const none = (): void => {};
    const { instance, module: compiled } = await this.instantiate(
      module.toBytes(),
      sharing ?? { wake: none, wait: none },
      program,
    );
    const run = instance.exports.main as () => void;
    sharing?.start(
      compiled,
      Array.from({ length: threads - 1 }, () => ({})),
    );
    const once = sharing ? () => sharing.run(run) : run;
    let best = Number.POSITIVE_INFINITY;
    try {
      const first = performance.now();
      const enough = (attempt: number): boolean =>
        attempt >= attempts && (sharing === undefined || performance.now() - first > beginning);
      for (let attempt = 0; !enough(attempt); attempt++) {
        const start = performance.now();
        once();
        best = Math.min(best, performance.now() - start);
        // Workers that are starting hear of it between runs, and engines their better code.
        await new Promise((resolve) => setTimeout(resolve));
      }
    } finally {
      if (sharing?.end() !== false) for (const address of owned) this.heap.release(address);
    }
    return best / 1e3;
  }
}
