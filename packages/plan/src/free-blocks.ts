// Free memory: blocks that neighbours join, found by size. Every operation takes constant time.
// Bins as in TLSF (Masmano et al. 2004): powers of two, each divided evenly.

const divisions = 8;

/** The bin of a size: every block in a later bin is larger than every block in this one. */
function binOf(size: number): number {
  const power = Math.floor(Math.log2(size));
  return power * divisions + Math.floor((size / 2 ** power - 1) * divisions);
}

export class FreeBlocks {
  /** Sizes by address, and addresses by the address behind the block. */
  private readonly sizes = new Map<number, number>();
  private readonly starts = new Map<number, number>();
  private readonly bins: Set<number>[] = [];

  /** The largest free block. */
  get largest(): number {
    let largest = 0;
    for (const size of this.sizes.values()) largest = Math.max(largest, size);
    return largest;
  }

  /** Adds a block, joined with those beside it. */
  add(address: number, size: number): void {
    let [start, end] = [address, address + size];
    const before = this.starts.get(start);
    if (before !== undefined) {
      this.remove(before);
      start = before;
    }
    const after = this.sizes.get(end);
    if (after !== undefined) {
      this.remove(end);
      end += after;
    }
    this.insert(start, end - start);
  }

  /** Takes `size` bytes out of a block that holds them, the smallest up to the division of bins; undefined if there is none. */
  take(size: number): number | undefined {
    const address = this.find(size);
    if (address === undefined) return undefined;
    const rest = this.remove(address) - size;
    if (rest > 0) this.insert(address + size, rest);
    return address;
  }

  /** Takes the whole block that ends at an address, if there is one; its start. */
  takeEndingAt(end: number): number | undefined {
    const start = this.starts.get(end);
    if (start !== undefined) this.remove(start);
    return start;
  }

  private find(size: number): number | undefined {
    const own = binOf(size);
    // Blocks of the same bin may be smaller: only some are tried, so that many of them cost nothing.
    let tries = 16;
    for (const address of this.bins[own] ?? []) {
      if (this.sizes.get(address)! >= size) return address;
      if (--tries === 0) break;
    }
    for (let bin = own + 1; bin < this.bins.length; bin++) {
      for (const address of this.bins[bin] ?? []) return address;
    }
    for (const address of this.bins[own] ?? []) if (this.sizes.get(address)! >= size) return address;
    return undefined;
  }

  private insert(address: number, size: number): void {
    this.sizes.set(address, size);
    this.starts.set(address + size, address);
    const bin = binOf(size);
    this.bins[bin] ??= new Set();
    this.bins[bin].add(address);
  }

  private remove(address: number): number {
    const size = this.sizes.get(address)!;
    this.sizes.delete(address);
    this.starts.delete(address + size);
    this.bins[binOf(size)]!.delete(address);
    return size;
  }
}
