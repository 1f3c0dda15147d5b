// The memory of the device: one buffer that holds all arrays and workspaces, so that a kernel binds one buffer and is given offsets.

import { FreeBlocks } from "@hooke/plan";
import { fail } from "@hooke/runtime";
import type { Faults } from "../faults.ts";
import { largest } from "../limits.ts";

const alignment = 64;
/** Words of the first buffer, and the most by which it grows at once if less will do. */
const [firstWords, mostGrowth] = [2 ** 20, 2 ** 26];

/** A buffer with an allocator. Addresses are words; blocks are aligned to 256 bytes. */
export class Memory {
  private device: GPUDevice;
  private faults: Faults;
  private words = 0;
  private held: GPUBuffer | undefined;
  private top = 0;
  private total = 0;
  private readonly used = new Map<number, number>();
  /** Addresses of blocks just released, by size: a program's next run wants the same sizes again. */
  private readonly recent = new Map<number, number[]>();
  private free = new FreeBlocks();

  constructor(device: GPUDevice, faults: Faults) {
    this.device = device;
    this.faults = faults;
  }

  /** Has all blocks on another device, where they are, with any content. */
  reopen(device: GPUDevice, faults: Faults): void {
    [this.device, this.faults, this.held] = [device, faults, undefined];
    if (this.words === 0) return;
    if (this.words > this.mostWords) this.refuse(this.words, "what was on the device that was lost");
    this.held = faults.guard("memory", () => this.create(this.words));
  }

  private get mostWords(): number {
    return Math.floor(largest(this.device.limits) / 4);
  }

  /** The buffer. Another one once memory has grown. */
  get buffer(): GPUBuffer {
    if (this.held === undefined) this.grow(1, "memory");
    return this.held!;
  }

  /** Bytes now handed out. */
  get usedBytes(): number {
    return 4 * this.total;
  }

  /** How many blocks are handed out. */
  get blocks(): number {
    return this.used.size;
  }

  /** Has room for so many words that are not handed out yet, in one piece: grows now rather than later. @param what needs it */
  reach(words: number, what: string): void {
    this.release(this.allocate(words, what));
  }

  /**
   * The address of words with any content.
   *
   * @param what needs them, for errors
   * @throws with the code `out-of-memory` where the device binds no larger buffer
   */
  allocate(words: number, what: string): number {
    const size = Math.max(alignment, Math.ceil(words / alignment) * alignment);
    const address = this.recent.get(size)?.pop() ?? this.find(size, what);
    this.used.set(address, size);
    this.total += size;
    return address;
  }

  release(address: number): void {
    const size = this.used.get(address);
    if (size === undefined) return;
    this.used.delete(address);
    this.total -= size;
    const list = this.recent.get(size);
    if (list) list.push(address);
    else this.recent.set(size, [address]);
  }

  private find(size: number, what: string): number {
    for (const [each, addresses] of this.recent) for (const address of addresses) this.free.add(address, each);
    this.recent.clear();
    this.top = this.free.takeEndingAt(this.top) ?? this.top;
    return this.free.take(size) ?? this.extend(size, what);
  }

  private extend(size: number, what: string): number {
    const address = this.top;
    if (address + size > this.words) this.grow(address + size, what);
    this.top = address + size;
    return address;
  }

  /** Moves all to a larger buffer. */
  private grow(least: number, what: string): void {
    if (least > this.mostWords) this.refuse(least, what);
    const wanted = Math.max(least, firstWords, Math.min(2 * this.words, this.words + mostGrowth));
    const words = Math.min(this.mostWords, Math.ceil(wanted / alignment) * alignment);
    const [before, wordsBefore] = [this.held, this.words];
    const larger: GPUBuffer = this.faults.guard(
      what,
      () => this.create(words),
      () => this.shrink(larger, before, wordsBefore),
    );
    if (before !== undefined && this.top > 0) {
      const encoder = this.device.createCommandEncoder({ label: "memory" });
      encoder.copyBufferToBuffer(before, 0, larger, 0, 4 * wordsBefore);
      this.device.queue.submit([encoder.finish()]);
    }
    this.held = larger;
    this.words = words;
    // Once it is known to be there, the one before goes.
    void this.faults.heard().then(() => {
      if (before !== this.held) before?.destroy();
    });
  }

  private create(words: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.device.createBuffer({ label: "memory", size: 4 * words, usage });
  }

  private refuse(words: number, what: string): never {
    const mebibytes = (count: number): number => Math.ceil(count / 2 ** 18);
    return fail(
      "backend webgpu",
      `${what} needs ${mebibytes(words)} MiB with the ${mebibytes(this.total)} in use; this device binds at most ` +
        `${mebibytes(this.mostWords)} at once. Use smaller batches (of a training, with accumulate(n, optimizer), which makes one ` +
        "update of n of them), smaller arrays, or the backend wasm.",
      "out-of-memory",
    );
  }

  /** Goes back to the buffer before one that the device could not create. Blocks beyond its end are no more. */
  private shrink(failed: GPUBuffer, before: GPUBuffer | undefined, words: number): void {
    if (this.held !== failed) return;
    this.held = before;
    this.words = words;
    this.recent.clear();
    this.free = new FreeBlocks();
    this.top = 0;
    for (const [address, size] of [...this.used].sort(([a], [b]) => a - b)) {
      if (address + size > words) {
        this.used.delete(address);
        this.total -= size;
        continue;
      }
      if (address > this.top) this.free.add(this.top, address - this.top);
      this.top = address + size;
    }
  }
}
