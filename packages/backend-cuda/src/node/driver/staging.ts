// Memory of the host that the GPU copies from and to while the program goes on.
import type { Context } from "./context.ts";
import { constants } from "./layouts.ts";

/** The most bytes of a block that is kept, and of a piece in which something larger is written. */
export const largestKept = 2 ** 23;
const smallest = 2 ** 12;
/** Blocks of one size beyond which one waits for the oldest instead. */
const mostWaiting = 4;

/** A block. */
export interface Block {
  readonly pointer: bigint;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Behind the last copy from it or to it. */
  readonly event: bigint;
}

export class Staging {
  private readonly context: Context;
  /** Blocks by size, those that were given back longest ago first. */
  private readonly kept = new Map<number, Block[]>();

  constructor(context: Context) {
    this.context = context;
  }

  /** A block of so many bytes or more, which nothing reads or writes any more. */
  take(bytes: number): Block {
    if (bytes > largestKept) return this.allocate(bytes);
    const size = Math.max(smallest, 2 ** Math.ceil(Math.log2(bytes)));
    const kept = this.kept.get(size);
    const [oldest] = kept ?? [];
    if (oldest === undefined) return this.allocate(size);
    if (!this.isDone(oldest)) {
      if (kept!.length < mostWaiting) return this.allocate(size);
      const { context } = this;
      context.check("a copy to the GPU", context.functions.cuEventSynchronize(oldest.event));
    }
    return kept!.shift()!;
  }

  /** Says that what was asked for last is all that a block is for. */
  mark({ event }: Block): void {
    const { context } = this;
    context.check("an event", context.functions.cuEventRecord(event, context.stream));
  }

  /** Whether what a block was marked behind is done. */
  isDone({ event }: Block): boolean {
    const { context } = this;
    const code = context.functions.cuEventQuery(event);
    if (code === constants.CUDA_ERROR_NOT_READY) return false;
    context.check("what was run before", code);
    return true;
  }

  /** Takes a marked block back. */
  give(block: Block): void {
    const size = block.bytes.length;
    if (size > largestKept) {
      const { functions } = this.context;
      functions.cuMemFreeHost(block.pointer);
      functions.cuEventDestroy_v2(block.event);
      return;
    }
    const kept = this.kept.get(size);
    if (kept) kept.push(block);
    else this.kept.set(size, [block]);
  }

  private allocate(size: number): Block {
    const { context } = this;
    const { functions, driver } = context;
    const event = context.make("an event", (to) => functions.cuEventCreate(to, constants.CU_EVENT_DISABLE_TIMING));
    const pointer = context.make("memory of the host", (to) => functions.cuMemAllocHost_v2(to, size));
    return { pointer, bytes: new Uint8Array(driver.koffi.view(pointer, size)), event };
  }
}
