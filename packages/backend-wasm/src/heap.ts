// The heap: one WebAssembly memory shared by every program of a backend, and who owns which part of it.

import { FreeBlocks } from "@hooke/plan";
import { type DType, fail, type TypedArray } from "@hooke/runtime";

const pageSize = 65536;
/** 4 GiB. */
export const mostPages = 65536;
/** Vector loads may run over the end of an array: this much stays allocated behind the last one. */
const guard = 256;
const alignment = 64;

const align = (bytes: number): number => Math.max(alignment, Math.ceil(bytes / alignment) * alignment);

/** A memory with an allocator. Blocks are aligned to 64 bytes and never share a cache line. */
export class Heap {
  readonly memory: WebAssembly.Memory;
  private buffer: ArrayBufferLike;
  // Address 0 is never handed out, so that a missing address shows.
  private top = alignment;
  /** Sizes of the blocks in use, by address. */
  private readonly used = new Map<number, number>();
  private total = 0;
  /** Addresses of blocks just released, by size: a program's next run wants the same sizes again. */
  private readonly recent = new Map<number, number[]>();
  private readonly free = new FreeBlocks();

  /** @param shared whether threads share the memory */
  constructor(shared = false) {
    this.memory = new WebAssembly.Memory({ initial: 16, maximum: mostPages, shared });
    this.buffer = this.memory.buffer;
  }

  /** The address of `size` bytes with arbitrary content. @throws with the code `out-of-memory` when the memory cannot grow */
  allocate(size: number): number {
    const needed = align(size);
    const address = this.recent.get(needed)?.pop() ?? this.find(needed);
    this.used.set(address, needed);
    this.total += needed;
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

  /** Bytes now handed out. */
  get usedBytes(): number {
    return this.total;
  }

  /** A view of the memory; valid until the next allocation. */
  view(dtype: DType, address: number, length: number): TypedArray {
    const { buffer } = this;
    switch (dtype) {
      case "f32":
        return new Float32Array(buffer, address, length);
      case "f64":
        return new Float64Array(buffer, address, length);
      case "i32":
        return new Int32Array(buffer, address, length);
      case "u32":
        return new Uint32Array(buffer, address, length);
      case "bool":
        return new Uint8Array(buffer, address, length);
    }
  }

  /** A part of what is free, or new memory. */
  private find(size: number): number {
    for (const [each, addresses] of this.recent) for (const address of addresses) this.free.add(address, each);
    this.recent.clear();
    this.top = this.free.takeEndingAt(this.top) ?? this.top;
    return this.free.take(size) ?? this.extend(size);
  }

  private extend(size: number): number {
    const address = this.top;
    const end = address + size + guard;
    const missing = end - this.buffer.byteLength;
    if (missing > 0) {
      // Doubling keeps the number of growths small.
      const wanted = Math.max(missing, Math.min(this.buffer.byteLength, 2 ** 28));
      if (!this.grow(wanted) && !this.grow(missing)) {
        const free = Math.max(this.free.largest, this.buffer.byteLength - guard - address);
        fail(
          "backend wasm",
          `cannot allocate ${size} bytes beside the ${this.usedBytes} in use, where the largest free piece is ${free} ` +
            "(the limit is 4 GiB); use a smaller batch.",
          "out-of-memory",
        );
      }
    }
    this.top = address + size;
    return address;
  }

  private grow(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / pageSize));
      this.buffer = this.memory.buffer;
      return true;
    } catch {
      return false;
    }
  }
}
