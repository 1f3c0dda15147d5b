// Blocks of the memory of a device: kernels are given one memory and offsets in it.
import { FreeBlocks } from "@hooke/plan";
import { fail } from "@hooke/runtime";
import type { Extent } from "./machine.ts";

const alignment = 64;

const mebibytes = (words: number): number => Math.ceil(words / 2 ** 18);

/** A piece of memory that is handed out: so many words from an address on, aligned to 256 bytes. */
export interface Block {
  readonly address: number;
  readonly words: number;
}

/** An allocator. Where memory shrinks, blocks beyond its end are no more, whoever still has them. */
export class Blocks {
  private readonly who: string;
  private extent: Extent;
  private top = 0;
  private total = 0;
  private readonly used = new Set<Block>();
  /** Addresses of blocks just released, by size: a program's next run wants the same sizes again. */
  private readonly recent = new Map<number, number[]>();
  private free = new FreeBlocks();

  /** @param who speaks in errors */
  constructor(who: string, extent: Extent) {
    this.who = who;
    this.extent = extent;
  }

  /** Makes room for all blocks on another device, where they are, with any content. They are there once `moveTo` says so. */
  reachOn(extent: Extent): void {
    if (this.top === 0) return;
    if (this.top > extent.mostWords) this.refuse(extent, this.top, "what was on the device that was lost");
    extent.grow(this.top, "memory");
  }

  /** Goes on with another device. */
  moveTo(extent: Extent): void {
    this.extent = extent;
  }

  /** How many blocks are handed out. */
  get count(): number {
    this.forgetBeyond();
    return this.used.size;
  }

  /** Has room for so many words that are not handed out yet, in one piece: grows now rather than later. @param what needs it */
  reach(words: number, what: string): void {
    this.release(this.allocate(words, what));
  }

  /** Whether a block is still there. */
  holds(block: Block): boolean {
    this.forgetBeyond();
    return this.used.has(block);
  }

  /**
   * Words with any content.
   *
   * @param what needs them, for errors
   * @throws with the code `out-of-memory` where the device holds no more
   */
  allocate(least: number, what: string): Block {
    this.forgetBeyond();
    const words = Math.max(alignment, Math.ceil(least / alignment) * alignment);
    const block = { address: this.recent.get(words)?.pop() ?? this.find(words, what), words };
    this.used.add(block);
    this.total += words;
    return block;
  }

  release(block: Block): void {
    if (!this.holds(block)) return;
    const { address, words } = block;
    this.used.delete(block);
    this.total -= words;
    const list = this.recent.get(words);
    if (list) list.push(address);
    else this.recent.set(words, [address]);
  }

  private find(size: number, what: string): number {
    for (const [each, addresses] of this.recent) for (const address of addresses) this.free.add(address, each);
    this.recent.clear();
    this.top = this.free.takeEndingAt(this.top) ?? this.top;
    return this.free.take(size) ?? this.extend(size, what);
  }

  private extend(size: number, what: string): number {
    const [address, end] = [this.top, this.top + size];
    if (end > this.extent.mostWords) this.refuse(this.extent, end, what);
    if (end > this.extent.words) this.extent.grow(end, what);
    this.top = end;
    return address;
  }

  private refuse({ mostWords }: Extent, words: number, what: string): never {
    return fail(
      this.who,
      `${what} needs ${mebibytes(words)} MiB with the ${mebibytes(this.total)} in use; this device binds at most ` +
        `${mebibytes(mostWords)} at once. Use smaller batches (of a training, with accumulate(n, optimizer), which makes one ` +
        "update of n of them), smaller arrays, or the backend wasm.",
      "out-of-memory",
    );
  }

  /** Blocks that the device turned out not to have are no more. */
  private forgetBeyond(): void {
    const { words } = this.extent;
    if (this.top <= words) return;
    this.recent.clear();
    this.free = new FreeBlocks();
    this.top = 0;
    for (const block of [...this.used].sort((a, b) => a.address - b.address)) {
      const end = block.address + block.words;
      if (end > words) {
        this.used.delete(block);
        this.total -= block.words;
        continue;
      }
      if (block.address > this.top) this.free.add(this.top, block.address - this.top);
      this.top = end;
    }
  }
}
