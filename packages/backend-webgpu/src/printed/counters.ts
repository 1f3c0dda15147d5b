// Numbers of steps, from 0 on, each in a place of its own: a kernel in a loop is bound to that of its step.
import type { Faults } from "../faults.ts";
import type { Pipelines } from "./pipelines.ts";

const spacing = 256;

export class Counters {
  private readonly device: GPUDevice;
  private readonly faults: Faults;
  private buffer: GPUBuffer | undefined;
  private length = 0;
  private groups: (GPUBindGroup | undefined)[] = [];

  constructor(device: GPUDevice, faults: Faults) {
    this.device = device;
    this.faults = faults;
  }

  /** Has numbers below `length`. */
  reach(length: number): void {
    if (length <= this.length) return;
    this.length = Math.max(length, 2 * this.length, 64);
    const words = new Uint32Array((spacing / 4) * this.length);
    for (let i = 0; i < this.length; i++) words[(spacing / 4) * i] = i;
    const create = (): GPUBuffer => {
      const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
      const buffer = this.device.createBuffer({ label: "steps", size: words.byteLength, usage });
      this.device.queue.writeBuffer(buffer, 0, words);
      return buffer;
    };
    this.buffer = this.faults.guard(`scan of ${length} steps`, create, () => {
      this.length = 0;
    });
    this.groups = [];
  }

  /** What kernels within some loops are bound to. */
  group(pipelines: Pipelines, levels: number): GPUBindGroup {
    this.groups[levels] ??= this.device.createBindGroup({
      layout: pipelines.stepsLayout(levels),
      entries: Array.from({ length: levels }, (_, binding) => ({
        binding,
        resource: { buffer: this.buffer!, size: 16 },
      })),
    });
    return this.groups[levels]!;
  }
}
