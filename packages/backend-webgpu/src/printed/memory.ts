// The memory of the device: one buffer that holds all arrays and workspaces, so that a kernel binds one buffer and is given offsets.
import type { Extent } from "@hooke/kernels";
import type { Faults } from "../faults.ts";
import { largest } from "../limits.ts";

const alignment = 64;
/** Words of the first buffer, and the most by which it grows at once if less will do. */
const [firstWords, mostGrowth] = [2 ** 20, 2 ** 26];

interface Piece {
  readonly buffer: GPUBuffer;
  readonly words: number;
}

export class Memory implements Extent {
  readonly mostWords: number;
  private readonly device: GPUDevice;
  private readonly faults: Faults;
  /** The buffer, behind those that may be gone back to: of each it is not known yet whether the device had memory for the next one. */
  private readonly held: Piece[] = [];

  constructor(device: GPUDevice, faults: Faults) {
    this.device = device;
    this.faults = faults;
    this.mostWords = Math.floor(largest(device.limits) / 4);
  }

  get words(): number {
    return this.held.at(-1)?.words ?? 0;
  }

  /** The buffer. Another one once memory has grown. */
  get buffer(): GPUBuffer {
    if (this.held.length === 0) this.grow(1, "memory");
    return this.held.at(-1)!.buffer;
  }

  /** Moves all to a larger buffer. */
  grow(least: number, what: string): void {
    const before = this.held.at(-1);
    const wanted = Math.max(least, firstWords, Math.min(2 * this.words, this.words + mostGrowth));
    const words = Math.min(this.mostWords, Math.ceil(wanted / alignment) * alignment);
    const buffer = this.faults.guard(
      what,
      () => this.create(words),
      () => this.goBack(larger),
    );
    const larger: Piece = { buffer, words };
    if (before !== undefined) {
      const encoder = this.device.createCommandEncoder({ label: "memory" });
      encoder.copyBufferToBuffer(before.buffer, 0, buffer, 0, 4 * before.words);
      this.device.queue.submit([encoder.finish()]);
    }
    this.held.push(larger);
    void this.faults.heard().then(() => this.goOn(larger));
  }

  private create(words: number): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    return this.device.createBuffer({ label: "memory", size: 4 * words, usage });
  }

  /** To the buffer before one that the device could not create: those after it are copies of nothing. */
  private goBack(failed: Piece): void {
    const at = this.held.indexOf(failed);
    if (at !== -1) for (const { buffer } of this.held.splice(at)) buffer.destroy();
  }

  /** With a buffer that is known to be there: those before it go. */
  private goOn(piece: Piece): void {
    const at = this.held.indexOf(piece);
    if (at !== -1) for (const { buffer } of this.held.splice(0, at)) buffer.destroy();
  }
}
