// The backend of printed programs, whatever runs them: arrays are parts of one memory; programs are planned, printed and recorded.
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
import { type Block, Blocks } from "./blocks.ts";
import { checkArray, checkProgram } from "./limits.ts";
import type { Machine, Recording } from "./machine.ts";
import { printProgram } from "./print.ts";
import { fromWords, toWords } from "./words.ts";

const dtypes = ["f32", "i32", "u32", "bool"] as const;

interface PrintedBuffer extends HeldBuffer {
  readonly block: Block;
  /** Where it was written. */
  machine: Machine;
}

/** A program, printed and compiled for a device. */
interface Ready {
  readonly recording: Recording;
  readonly workspace: Block;
}

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

/** Runs programs as they are printed. */
export class PrintedBackend implements Backend {
  readonly name: string;
  readonly dtypes = dtypes;
  /** Who speaks in errors. */
  private readonly who: string;
  private machine: Machine;
  private readonly blocks: Blocks;
  private readonly checks: BufferChecks<PrintedBuffer>;
  /** Makes an executable ready again, for another device. */
  private readonly executables = new Set<() => Promise<void>>();

  constructor(name: string, machine: Machine) {
    this.name = name;
    this.who = machine.traits.dialect.backend;
    this.machine = machine;
    this.blocks = new Blocks(this.who, machine.memory);
    this.checks = new BufferChecks<PrintedBuffer>(this.who, this);
  }

  /** Goes on with another device. Executables and buffers stay; buffers are refused until they are written. */
  async moveTo(machine: Machine): Promise<void> {
    this.blocks.reachOn(machine.memory);
    await machine.settle();
    this.machine = machine;
    this.blocks.moveTo(machine.memory);
    // Where one fails the others are waited for: another device may be next, and they would be made ready twice at a time.
    const all = await Promise.allSettled([...this.executables].map((prepareAgain) => prepareAgain()));
    for (const one of all) if (one.status === "rejected") throw one.reason;
  }

  /** Arrays now alive on the device: buffers, and workspaces of programs. */
  get liveArrays(): number {
    return this.blocks.count;
  }

  upload(array: HostArray): Buffer {
    checkHostArray(this.who, array);
    const { shape, dtype } = array;
    this.checkDType(array);
    checkArray(this.machine, "the array", array);
    const buffer = this.reserve({ shape: [...shape], dtype });
    this.copyIn(buffer, array);
    return buffer;
  }

  write(buffer: Buffer, array: HostArray): void {
    checkHostArray(this.who, array);
    this.copyIn(this.checks.target(buffer, array), array);
  }

  async read(buffer: Buffer): Promise<HostArray> {
    const { shape, dtype, block } = this.filled(this.checks.open(buffer));
    const words = sizeOf(shape);
    if (words === 0) return { shape, dtype, data: allocate(dtype, 0) } as HostArray;
    const data = fromWords(dtype, await this.machine.read(block.address, words));
    return { shape, dtype, data } as HostArray;
  }

  free(buffer: Buffer): void {
    const held = this.checks.open(buffer);
    this.blocks.release(held.block);
    held.freed = true;
  }

  async prepare(program: Program, { donate = [] }: PrepareOptions = {}): Promise<Executable> {
    checkDonation(this.who, program, donate);
    return this.executable(program, donate, await this.ready(program, donate));
  }

  private async ready(program: Program, donate: readonly (number | null)[]): Promise<Ready> {
    const { machine, blocks } = this;
    checkProgram(machine, program);
    const printed = printProgram(machine.traits, program, donate);
    const what = largestOf(program);
    const workspace = blocks.allocate(printed.words, what);
    try {
      // Memory that is short is told now, before anything runs.
      blocks.reach(
        program.outputs.reduce((sum, { shape }) => sum + sizeOf(shape) + 64, 0),
        what,
      );
      await machine.settle();
      for (const { place, array, data } of printed.constants) {
        this.writeWords(workspace.address + place.offset / 4, { dtype: array.dtype, data: data() });
      }
      const recording = await machine.record(printed.steps);
      // Lost meanwhile, or even replaced by another one.
      if (machine !== this.machine) await machine.settle();
      return { recording, workspace };
    } catch (error) {
      blocks.release(workspace);
      throw error;
    }
  }

  private executable(program: Program, donate: readonly (number | null)[], ready: Ready): Executable {
    /** Absent while it is made ready again. */
    let held: Ready | undefined = ready;
    let freed = false;
    const release = (): void => {
      if (held !== undefined) this.blocks.release(held.workspace);
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
      if (freed) fail(this.who, "the program was freed; prepare it again to run it.", "freed");
    };
    return {
      run: (given) => {
        open();
        const buffers = this.checks.inputs(program, donate, given);
        for (const buffer of buffers) this.filled(buffer);
        const { recording, workspace } = held!;
        const results = this.reserveOutputs(program, donate, buffers);
        try {
          recording.run([
            workspace.address,
            ...buffers.map(({ block }) => block.address),
            ...results.map(({ block }) => block.address),
          ]);
        } catch (error) {
          this.releaseOutputs(donate, results);
          throw error;
        }
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
      this.releaseOutputs(donate, results);
      throw error;
    }
    return results;
  }

  private releaseOutputs(donate: readonly (number | null)[], results: readonly PrintedBuffer[]): void {
    for (const [i, { block }] of results.entries()) if (typeof donate[i] !== "number") this.blocks.release(block);
  }

  private checkDType(array: HostArray): void {
    if ((dtypes as readonly string[]).includes(array.dtype)) return;
    fail(this.who, `does not run ${array.dtype} (${describe(array)}); it runs ${dtypes.join(", ")}.`, "unsupported");
  }

  private reserve({ shape, dtype }: Aval): PrintedBuffer {
    const block = this.blocks.allocate(sizeOf(shape), describe({ shape, dtype }));
    return { shape, dtype, owner: this, freed: false, takenBy: 0, block, machine: this.machine };
  }

  /** A buffer that holds something. @throws with the code `device-lost` where that was on another device */
  private filled(buffer: PrintedBuffer): PrintedBuffer {
    this.placed(buffer);
    if (buffer.machine === this.machine) return buffer;
    const lost = `what the buffer ${describe(buffer)} held was on a GPU device that was lost`;
    return fail(this.who, `${lost}; write it again, or upload it anew.`, "device-lost");
  }

  /** A buffer that has its place. @throws with the code `out-of-memory` where the device turned out not to have it */
  private placed(buffer: PrintedBuffer): PrintedBuffer {
    if (this.blocks.holds(buffer.block)) return buffer;
    return fail(
      this.who,
      `the device had no memory for the buffer ${describe(buffer)}, as an earlier error says; upload it anew.`,
      "out-of-memory",
    );
  }

  private copyIn(buffer: PrintedBuffer, array: HostArray): void {
    this.writeWords(this.placed(buffer).block.address, array);
    buffer.machine = this.machine;
  }

  private writeWords(address: number, array: Pick<HostArray, "dtype" | "data">): void {
    if (array.data.length === 0) return;
    this.machine.write(address, toWords(array));
  }
}
