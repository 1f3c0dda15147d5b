// A GPU as the backend of printed programs sees it: one memory, copies through pinned memory of the host, and graphs.
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import type { Machine, Recording, Step, Traits } from "@hooke/kernels";
import { cuda } from "@hooke/kernels/cuda";
import type { Compiler } from "./compiler.ts";
import type { Context } from "./context.ts";
import { Memory } from "./memory.ts";
import { Modules } from "./modules.ts";
import { Recorded } from "./recorded.ts";
import { largestKept, Staging } from "./staging.ts";

/** Milliseconds for which a read looks with every turn of the loop of events; then it does so once in a millisecond. */
const eager = 2;

export class DriverMachine implements Machine {
  readonly traits: Traits = { dialect: cuda, onProcessor: false };
  readonly context: Context;
  readonly memory: Memory;
  private readonly modules: Modules;
  private readonly staging: Staging;

  /** @param folder of kernels that were compiled before */
  constructor(context: Context, compiler: Compiler, folder: string) {
    this.context = context;
    this.memory = new Memory(context);
    this.modules = new Modules(context, compiler, folder);
    this.staging = new Staging(context);
  }

  write(address: number, words: Uint32Array<ArrayBuffer>): void {
    const { context, staging } = this;
    const { functions, stream } = context;
    context.enter();
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
    for (let from = 0; from < bytes.length; from += largestKept) {
      const piece = bytes.subarray(from, from + largestKept);
      const block = staging.take(piece.length);
      block.bytes.set(piece);
      const to = this.at(address) + BigInt(from);
      context.check("a write", functions.cuMemcpyHtoDAsync_v2(to, block.pointer, piece.length, stream));
      staging.mark(block);
      staging.give(block);
    }
  }

  async read(address: number, words: number): Promise<ArrayBuffer> {
    const { context, staging } = this;
    const { functions, stream } = context;
    context.enter();
    const size = 4 * words;
    const block = staging.take(size);
    context.check("a read", functions.cuMemcpyDtoHAsync_v2(block.pointer, this.at(address), size, stream));
    staging.mark(block);
    const start = performance.now();
    while (!staging.isDone(block)) {
      await (performance.now() - start < eager ? turn() : wait(1));
      context.enter();
    }
    const copy = block.bytes.slice(0, size).buffer;
    staging.give(block);
    return copy;
  }

  record(steps: readonly Step[]): Promise<Recording> {
    return Recorded.of(this.context, this.memory, this.modules, steps);
  }

  async settle(): Promise<void> {
    this.context.enter();
  }

  /** Gives back all that the GPU holds. */
  close(): void {
    this.memory.close();
    this.context.close();
  }

  private at(address: number): bigint {
    return this.memory.base + BigInt(4 * address);
  }
}
