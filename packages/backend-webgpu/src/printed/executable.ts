// A program that has been printed: its pointers are filled in, and all its launches are recorded into one command buffer.
import { header, headerWords, type Launch, launchesOf, type Pointer, type Recording, type Step } from "@hooke/kernels";
import type { Counters } from "./counters.ts";
import type { Memory } from "./memory.ts";
import type { Pipelines } from "./pipelines.ts";

/** Bytes between what is bound at offsets. */
const spacing = 256;

interface Prepared {
  readonly pipeline: GPUComputePipeline;
  readonly groups: readonly [number, number];
  /** Where its pointers are, in bytes. */
  readonly offset: number;
}

interface PreparedLoop {
  readonly length: number;
  readonly reverse: boolean;
  readonly steps: readonly PreparedStep[];
}

type PreparedStep = Prepared | PreparedLoop;

const longest = (steps: readonly Step[]): number =>
  Math.max(0, ...steps.map((step) => ("steps" in step ? Math.max(step.length, longest(step.steps)) : 0)));

export class Recorded implements Recording {
  private readonly device: GPUDevice;
  private readonly memory: Memory;
  private readonly counters: Counters;
  private readonly pipelines: Pipelines;
  private readonly steps: readonly PreparedStep[];
  /** What each word of the table points to; headers in between. */
  private readonly words: Uint32Array<ArrayBuffer>;
  private readonly pointers: { readonly at: number; readonly pointer: Pointer }[] = [];
  private readonly table: GPUBuffer;
  /** Its first kernels, for errors. */
  readonly label: string;
  private readonly bound: number;
  private group: GPUBindGroup | undefined;
  private groupOf: GPUBuffer | undefined;
  private addresses: readonly number[] = [];

  private constructor(
    device: GPUDevice,
    memory: Memory,
    counters: Counters,
    pipelines: Pipelines,
    steps: readonly Step[],
    compiled: readonly GPUComputePipeline[],
  ) {
    this.device = device;
    this.memory = memory;
    this.counters = counters;
    this.pipelines = pipelines;
    counters.reach(longest(steps));
    const rows: { readonly at: number; readonly launch: Launch }[] = [];
    let end = 0;
    let most = 16;
    let next = 0;
    const prepare = (step: Step): PreparedStep => {
      if ("steps" in step) return { length: step.length, reverse: step.reverse, steps: step.steps.map(prepare) };
      const bytes = Math.ceil((4 * (headerWords + step.pointers.length)) / 16) * 16;
      const offset = end;
      rows.push({ at: offset / 4, launch: step });
      most = Math.max(most, bytes);
      end += Math.ceil(bytes / spacing) * spacing;
      return { pipeline: compiled[next++]!, groups: step.groups, offset };
    };
    this.steps = steps.map(prepare);
    const labels = [...new Set(rows.map(({ launch }) => launch.label))];
    this.label = `${labels.slice(0, 3).join(", ")}${labels.length > 3 ? " ..." : ""}`;
    this.bound = most;
    // The last is bound with as many bytes as the one with most.
    this.words = new Uint32Array((end + most) / 4);
    for (const { at, launch } of rows) {
      this.words.set(header, at);
      for (const [i, pointer] of launch.pointers.entries()) this.pointers.push({ at: at + headerWords + i, pointer });
    }
    this.table = device.createBuffer({
      label: "pointers",
      size: this.words.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  static async of(
    device: GPUDevice,
    memory: Memory,
    counters: Counters,
    pipelines: Pipelines,
    steps: readonly Step[],
  ): Promise<Recorded> {
    const compiled = await pipelines.of(launchesOf(steps));
    return new Recorded(device, memory, counters, pipelines, steps, compiled);
  }

  /** Runs it once. @param addresses of the workspace, inputs and outputs, in words */
  run(addresses: readonly number[]): void {
    this.point(addresses);
    if (this.groupOf !== this.memory.buffer) {
      this.groupOf = this.memory.buffer;
      this.group = this.device.createBindGroup({
        label: this.label,
        layout: this.pipelines.arrays,
        entries: [
          { binding: 0, resource: { buffer: this.groupOf } },
          { binding: 1, resource: { buffer: this.table, size: this.bound } },
        ],
      });
    }
    const encoder = this.device.createCommandEncoder({ label: this.label });
    const pass = encoder.beginComputePass();
    this.record(pass, this.steps, []);
    pass.end();
    this.device.queue.submit([encoder.finish()]);
  }

  free(): void {
    this.table.destroy();
  }

  /** Fills in where arrays lie, if that has changed. */
  private point(addresses: readonly number[]): void {
    const isSame =
      addresses.length === this.addresses.length && addresses.every((each, i) => each === this.addresses[i]);
    if (isSame) return;
    for (const { at, pointer } of this.pointers) this.words[at] = addresses[pointer.base]! + pointer.offset;
    this.device.queue.writeBuffer(this.table, 0, this.words);
    this.addresses = [...addresses];
  }

  /** @param at the step of each loop around, as offsets */
  private record(pass: GPUComputePassEncoder, steps: readonly PreparedStep[], at: readonly number[]): void {
    if (at.length > 0) pass.setBindGroup(1, this.counters.group(this.pipelines, at.length), at);
    for (const step of steps) {
      if ("steps" in step) {
        for (let i = 0; i < step.length; i++) {
          this.record(pass, step.steps, [...at, spacing * (step.reverse ? step.length - 1 - i : i)]);
        }
        if (at.length > 0) pass.setBindGroup(1, this.counters.group(this.pipelines, at.length), at);
        continue;
      }
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, this.group!, [step.offset]);
      pass.dispatchWorkgroups(...step.groups);
    }
  }
}
