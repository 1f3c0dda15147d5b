// The backend: arrays are parts of one memory of the device; programs are planned, printed in WGSL and recorded.
import { fromWords, printProgram, type Traits, toWords } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import {
  type Aval,
  allocate,
  type Backend,
  type Buffer,
  BufferChecks,
  checkDonation,
  checkHostArray,
  describe,
  type Executable,
  fail,
  type HeldBuffer,
  type HostArray,
  type PrepareOptions,
  type Program,
  sizeOf,
} from "@hooke/runtime";
import type { Faults } from "../faults.ts";
import { checkProgram } from "../limits.ts";
import { Counters } from "./counters.ts";
import { Recording } from "./executable.ts";
import { Memory } from "./memory.ts";
import { Pipelines } from "./pipelines.ts";

const who = "backend webgpu";
const dtypes = ["f32", "i32", "u32", "bool"] as const;

interface PrintedBuffer extends HeldBuffer {
  readonly address: number;
  /** Where it was written. */
  device: GPUDevice;
}

/** A program, printed and compiled for a device. */
interface Ready {
  readonly recording: Recording;
  readonly workspace: number;
}

/** What differs from device to device. */
type DeviceTraits = Omit<Traits, "dialect">;

/** The primitive that makes the largest array of a program: whom errors of memory name. */
function largestOf({ nodes }: Program): string {
  const sizes = nodes.map(({ primitive, outputs }) => {
    return { primitive, size: Math.max(0, ...outputs.map(({ shape }) => sizeOf(shape))) };
  });
  const largest = sizes.reduce((most, next) => (next.size > most.size ? next : most), {
    primitive: "program",
    size: 0,
  });
  return largest.primitive;
}

export class PrintedBackend implements Backend {
  readonly name = "webgpu";
  readonly dtypes = dtypes;
  private device: GPUDevice;
  private faults: Faults;
  private traits: Traits;
  private readonly memory: Memory;
  private pipelines: Pipelines;
  private counters: Counters;
  private readonly checks = new BufferChecks<PrintedBuffer>(who, this);
  /** Buffers that were read through, by size. */
  private readonly readers = new Map<number, GPUBuffer[]>();
  /** Makes an executable ready again, for another device. */
  private readonly executables = new Set<() => Promise<void>>();

  constructor(device: GPUDevice, faults: Faults, traits: DeviceTraits) {
    this.device = device;
    this.faults = faults;
    this.traits = { ...traits, dialect: wgsl };
    this.memory = new Memory(device, faults);
    this.pipelines = new Pipelines(device);
    this.counters = new Counters(device);
  }

  /** Goes on with another device. Executables and buffers stay; buffers are refused until they are written. */
  async moveTo(device: GPUDevice, faults: Faults, traits: DeviceTraits): Promise<void> {
    [this.device, this.faults, this.traits] = [device, faults, { ...traits, dialect: wgsl }];
    [this.pipelines, this.counters] = [new Pipelines(device), new Counters(device)];
    this.readers.clear();
    this.memory.reopen(device, faults);
    await faults.settle();
    // Where one fails the others are waited for: another device may be next, and they would be made ready twice at a time.
    const all = await Promise.allSettled([...this.executables].map((prepareAgain) => prepareAgain()));
    for (const one of all) if (one.status === "rejected") throw one.reason;
  }

  /** Arrays now alive on the device: buffers, and workspaces of programs. */
  get liveArrays(): number {
    return this.memory.blocks;
  }

  upload(array: HostArray): Buffer {
    checkHostArray(who, array);
    const { shape, dtype } = array;
    this.checkDType(array);
    const buffer = this.reserve({ shape: [...shape], dtype });
    this.copyIn(buffer, array);
    return buffer;
  }

  write(buffer: Buffer, array: HostArray): void {
    checkHostArray(who, array);
    this.copyIn(this.checks.target(buffer, array), array);
  }

  async read(buffer: Buffer): Promise<HostArray> {
    const { shape, dtype, address } = this.filled(this.checks.open(buffer));
    const words = sizeOf(shape);
    if (words === 0) return { shape, dtype, data: allocate(dtype, 0) } as HostArray;
    const size = 4 * words;
    const list = this.readers.get(size) ?? [];
    this.readers.set(size, list);
    const reader =
      list.pop() ??
      this.faults.guard("read", () =>
        this.device.createBuffer({ label: "read", size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST }),
      );
    const encoder = this.device.createCommandEncoder({ label: "read" });
    encoder.copyBufferToBuffer(this.memory.buffer, 4 * address, reader, 0, 4 * words);
    this.device.queue.submit([encoder.finish()]);
    await reader.mapAsync(GPUMapMode.READ, 0, 4 * words);
    const data = fromWords(dtype, reader.getMappedRange(0, 4 * words));
    reader.unmap();
    list.push(reader);
    return { shape, dtype, data } as HostArray;
  }

  free(buffer: Buffer): void {
    const held = this.checks.open(buffer);
    this.memory.release(held.address);
    held.freed = true;
  }

  async prepare(program: Program, { donate = [] }: PrepareOptions = {}): Promise<Executable> {
    checkDonation(who, program, donate);
    return this.executable(program, donate, await this.ready(program, donate));
  }

  private async ready(program: Program, donate: readonly (number | null)[]): Promise<Ready> {
    const { device, faults } = this;
    checkProgram(device.limits, program);
    const printed = printProgram(this.traits, program, donate);
    const what = largestOf(program);
    const workspace = this.memory.allocate(printed.words, what);
    try {
      // Memory that is short is told now, before anything runs.
      this.memory.reach(
        program.outputs.reduce((sum, { shape }) => sum + sizeOf(shape) + 64, 0),
        what,
      );
      await faults.settle();
      for (const { place, array, data } of printed.constants) {
        this.writeWords(workspace + place.offset / 4, { dtype: array.dtype, data: data() });
      }
      const recording = await Recording.of(device, this.memory, this.counters, this.pipelines, printed.steps);
      // Lost meanwhile, or even replaced by another one.
      if (device !== this.device) faults.check();
      return { recording, workspace };
    } catch (error) {
      this.memory.release(workspace);
      throw error;
    }
  }

  private executable(program: Program, donate: readonly (number | null)[], ready: Ready): Executable {
    /** Absent while it is made ready again. */
    let held: Ready | undefined = ready;
    let freed = false;
    const release = (): void => {
      if (held !== undefined) this.memory.release(held.workspace);
      held?.recording.free();
      held = undefined;
    };
    const prepareAgain = async (): Promise<void> => {
      release();
      held = await this.ready(program, donate);
      if (freed) release();
    };
    this.executables.add(prepareAgain);
    const open = (): void => {
      if (freed) fail(who, "the program was freed; prepare it again to run it.", "freed");
    };
    return {
      run: (given) => {
        open();
        const buffers = this.checks.inputs(program, donate, given);
        for (const buffer of buffers) this.filled(buffer);
        const { recording, workspace } = held!;
        const results = this.reserveOutputs(program, donate, buffers);
        recording.run([workspace, ...buffers.map(({ address }) => address), ...results.map(({ address }) => address)]);
        return results;
      },
      free: () => {
        open();
        freed = true;
        this.executables.delete(prepareAgain);
        release();
      },
    };
  }

  /** New buffers for a run's outputs, or the donated ones; none where memory is short for one of them. */
  private reserveOutputs(
    { outputs }: Program,
    donate: readonly (number | null)[],
    buffers: readonly PrintedBuffer[],
  ): PrintedBuffer[] {
    const results: PrintedBuffer[] = [];
    try {
      for (const [i, output] of outputs.entries()) {
        const input = donate[i];
        results.push(input === null || input === undefined ? this.reserve(output) : buffers[input]!);
      }
    } catch (error) {
      for (const [i, result] of results.entries()) {
        if (typeof donate[i] !== "number") this.memory.release(result.address);
      }
      throw error;
    }
    return results;
  }

  private checkDType(array: HostArray): void {
    if ((dtypes as readonly string[]).includes(array.dtype)) return;
    fail(who, `does not run ${array.dtype} (${describe(array)}); it runs ${dtypes.join(", ")}.`, "unsupported");
  }

  private reserve({ shape, dtype }: Aval): PrintedBuffer {
    const address = this.memory.allocate(sizeOf(shape), describe({ shape, dtype }));
    return { shape, dtype, owner: this, freed: false, takenBy: 0, address, device: this.device };
  }

  /** A buffer that holds something. @throws with the code `device-lost` where that was on another device */
  private filled(buffer: PrintedBuffer): PrintedBuffer {
    if (buffer.device === this.device) return buffer;
    const lost = `what the buffer ${describe(buffer)} held was on a GPU device that was lost`;
    return fail(who, `${lost}; write it again, or upload it anew.`, "device-lost");
  }

  private copyIn(buffer: PrintedBuffer, array: HostArray): void {
    this.writeWords(buffer.address, array);
    buffer.device = this.device;
  }

  private writeWords(address: number, array: Pick<HostArray, "dtype" | "data">): void {
    if (array.data.length === 0) return;
    this.device.queue.writeBuffer(this.memory.buffer, 4 * address, toWords(array));
  }
}
