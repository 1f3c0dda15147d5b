// The memory of the device: one buffer that holds all arrays and workspaces, so that a kernel binds one buffer and is given offsets.
import type { Extent } from "@hooke/kernels";
import type { Faults } from "../faults.ts";
import { largest } from "../limits.ts";

const alignment = 64;
/** Words of the first buffer, and the most by which it grows at once if less will do. */
const [firstWords, mostGrowth] = [2 ** 20, 2 ** 26];

export class Memory implements Extent {
  words = 0;
  readonly mostWords: number;
  private readonly device: GPUDevice;
  private readonly faults: Faults;
  private held: GPUBuffer | undefined;

  constructor(device: GPUDevice, faults: Faults) {
    this.device = device;
    this.faults = faults;
    this.mostWords = Math.floor(largest(device.limits) / 4);
  }

  /** The buffer. Another one once memory has grown. */
  get buffer(): GPUBuffer {
    if (this.held === undefined) this.grow(1, "memory");
    return this.held!;
  }

  /** Moves all to a larger buffer. */
  grow(least: number, what: string): void {
    const wanted = Math.max(least, firstWords, Math.min(2 * this.words, this.words + mostGrowth));
    const words = Math.min(this.mostWords, Math.ceil(wanted / alignment) * alignment);
    const [before, wordsBefore] = [this.held, this.words];
    const larger: GPUBuffer = this.faults.guard(
      what,
      () => this.create(words),
      () => this.goBack(larger, before, wordsBefore),
    );
    if (before !== undefined) {
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

  /** To the buffer before one that the device could not create. */
  private goBack(failed: GPUBuffer, before: GPUBuffer | undefined, words: number): void {
    if (this.held !== failed) return;
    this.held = before;
    this.words = words;
  }
}
