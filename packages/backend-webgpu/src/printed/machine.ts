// A device of WebGPU: one buffer, pipelines, and a queue of command buffers.
import { launchesOf, type Machine, type Recording, type Step, type Traits } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import type { Faults } from "../faults.ts";
import { patiently } from "../patience.ts";
import { Counters } from "./counters.ts";
import { Recorded } from "./executable.ts";
import { checkIterations } from "./loops.ts";
import { Memory } from "./memory.ts";
import { Pipelines } from "./pipelines.ts";

/** What differs from device to device. */
export interface DeviceTraits extends Omit<Traits, "dialect"> {
  /** How many iterations of loops a thread takes before the driver ends them. */
  readonly mostIterations: number;
}

export class GpuMachine implements Machine {
  readonly traits: Traits & DeviceTraits;
  readonly memory: Memory;
  private readonly device: GPUDevice;
  private readonly faults: Faults;
  private readonly pipelines: Pipelines;
  private readonly counters: Counters;
  /** Buffers that were read through, by size. */
  private readonly readers = new Map<number, GPUBuffer[]>();

  constructor(device: GPUDevice, faults: Faults, traits: DeviceTraits) {
    this.device = device;
    this.faults = faults;
    this.traits = { ...traits, dialect: wgsl };
    this.memory = new Memory(device, faults);
    this.pipelines = new Pipelines(device);
    this.counters = new Counters(device, faults);
  }

  write(address: number, words: Uint32Array<ArrayBuffer>): void {
    this.device.queue.writeBuffer(this.memory.buffer, 4 * address, words);
  }

  async read(address: number, words: number): Promise<ArrayBuffer> {
    const size = 4 * words;
    const list = this.readers.get(size) ?? [];
    this.readers.set(size, list);
    const reader =
      list.pop() ??
      this.faults.guard("read", () =>
        this.device.createBuffer({ label: "read", size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
      );
    const encoder = this.device.createCommandEncoder({ label: "read" });
    encoder.copyBufferToBuffer(this.memory.buffer, 4 * address, reader, 0, size);
    this.device.queue.submit([encoder.finish()]);
    await patiently(reader.mapAsync(GPUMapMode.READ, 0, size));
    const copy = reader.getMappedRange(0, size).slice(0);
    reader.unmap();
    list.push(reader);
    return copy;
  }

  async record(steps: readonly Step[]): Promise<Recording> {
    checkIterations(this.traits.mostIterations, launchesOf(steps));
    const recorded = await Recorded.of(this.device, this.memory, this.counters, this.pipelines, steps);
    await this.faults.settle();
    return {
      run: (addresses) => this.faults.watch(() => recorded.run(addresses), recorded.label),
      free: () => recorded.free(),
    };
  }

  settle(): Promise<void> {
    return this.faults.settle();
  }
}
