// What backends check before they touch a buffer: whose it is, whether it still lives, and whether a program may take it.
// They cost a microsecond for a training step of thirty arrays; wrong numbers cost more.
import { describe } from "./array.ts";
import type { Buffer, PrepareOptions } from "./backend.ts";
import { fail } from "./error.ts";
import type { Aval, Program } from "./program.ts";

/** A buffer as a backend holds it. Backends add where its elements are. */
export interface HeldBuffer extends Buffer {
  /** The backend that made it: the very instance. */
  readonly owner: object;
  /** Set by `free`. */
  freed: boolean;
  /** The run that was last seen to take it, by {@link BufferChecks.inputs}. */
  takenBy: number;
}

type Donation = NonNullable<PrepareOptions["donate"]>;

function fits(given: Aval, expected: Aval): boolean {
  const [a, b] = [given.shape, expected.shape];
  if (given.dtype !== expected.dtype || a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** The checks of one backend instance. */
export class BufferChecks<B extends HeldBuffer> {
  private readonly who: string;
  private readonly owner: object;
  private runs = 0;

  /**
   * @param who speaks, e.g. `"backend wasm"`
   * @param owner the backend instance, as its buffers name it
   */
  constructor(who: string, owner: object) {
    this.who = who;
    this.owner = owner;
  }

  /** A buffer of this backend that still lives. @throws with the code `mismatch` or `freed` */
  open(buffer: Buffer): B {
    const held = buffer as B;
    if (held?.owner !== this.owner) this.foreign(buffer);
    if (held.freed) fail(this.who, `the buffer ${describe(buffer)} has been freed; upload it again.`, "freed");
    return held;
  }

  /** {@link open} for an array that is to be written into the buffer. */
  target(buffer: Buffer, array: Aval): B {
    const held = this.open(buffer);
    if (!fits(array, held)) {
      fail(this.who, `write received ${describe(array)} for a buffer of ${describe(held)}.`, "mismatch");
    }
    return held;
  }

  /**
   * The inputs of a run: as many as the program takes, each alive and of its shape and dtype, and none of those it gives away
   * given twice. Nothing has changed when it throws.
   */
  inputs(program: Program, donate: Donation, given: readonly Buffer[]): readonly B[] {
    const { inputs } = program;
    if (given.length !== inputs.length) {
      fail(this.who, `the program takes ${inputs.length} inputs, received ${given.length}.`, "mismatch");
    }
    for (let i = 0; i < inputs.length; i++) {
      const held = this.open(given[i]!);
      if (fits(held, inputs[i]!)) continue;
      fail(
        this.who,
        `the program takes ${describe(inputs[i]!)} as input ${i}, received ${describe(held)}.`,
        "mismatch",
      );
    }
    const buffers = given as readonly B[];
    if (donate.length > 0) this.onlyOnce(donate, buffers);
    return buffers;
  }

  private onlyOnce(donate: Donation, buffers: readonly B[]): void {
    const run = ++this.runs;
    let donated = 0;
    for (const input of donate) {
      if (input === null || input === undefined) continue;
      if (buffers[input]!.takenBy === run) this.twice(buffers, input);
      buffers[input]!.takenBy = run;
      donated++;
    }
    for (const buffer of buffers) if (buffer.takenBy === run) donated--;
    if (donated !== 0) for (const input of donate) if (typeof input === "number") this.twice(buffers, input);
  }

  private twice(buffers: readonly B[], input: number): void {
    const other = buffers.findIndex((buffer, i) => i !== input && buffer === buffers[input]);
    if (other < 0) return;
    fail(
      this.who,
      `input ${input} is donated, and its buffer is input ${other} too: it would change while it is read. Upload a copy.`,
      "mismatch",
    );
  }

  private foreign(buffer: Buffer): never {
    if (typeof buffer !== "object" || buffer === null || !Array.isArray(buffer.shape)) {
      fail(
        this.who,
        `received ${buffer === null ? "null" : typeof buffer} where a buffer is needed; use upload(array).`,
      );
    }
    const what = "owner" in buffer ? "belongs to another backend" : "was not made by this backend";
    return fail(this.who, `the buffer ${describe(buffer)} ${what}; read it there and upload it here.`, "mismatch");
  }
}

/** Fails where `donate` names an input that a program lacks, one of another shape or dtype than its output, or one twice. */
export function checkDonation(who: string, { inputs, outputs }: Program, donate: Donation): void {
  const seen = new Set<number>();
  for (const [output, input] of donate.entries()) {
    if (input === null || input === undefined) continue;
    const [to, from] = [outputs[output], inputs[input]];
    if (to === undefined || from === undefined) {
      const has = `it has ${inputs.length} inputs and ${outputs.length} outputs`;
      fail(who, `donate gives input ${input} to output ${output}; ${has}.`, "mismatch");
    }
    if (!fits(from, to)) {
      fail(who, `donate gives input ${input}, ${describe(from)}, to output ${output}, ${describe(to)}.`, "mismatch");
    }
    if (seen.has(input)) fail(who, `donate gives input ${input} to two outputs.`, "mismatch");
    seen.add(input);
  }
}
