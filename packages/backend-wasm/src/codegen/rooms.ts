// What the kernels of a large program need for themselves: how much follows from their code, which is written after arrays have their places.
// So where it is, is decided last, and code reads the addresses from a list that each thread has behind its arrays, by stages.
import type { Plan } from "@hooke/plan";
import { type Need, placeInGaps } from "@hooke/plan/large";
import type { Code } from "../encoder/code.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { Emitter } from "./emitter.ts";

/** Bytes of an address. */
const word = 4;

export class Rooms {
  private readonly emitter: Emitter;
  /** The offset of the word that says where a stage's addresses are in the list. */
  private readonly slot: number;
  readonly needs: Need[] = [];
  /** Of the stage whose code is being written. */
  private current: Need | undefined;

  constructor(emitter: Emitter, slot: number) {
    this.emitter = emitter;
    this.slot = slot;
  }

  /** Bytes of a thread's list: of each stage, the address of what pieces share, then those of the parts of its scratch. */
  get listBytes(): number {
    return this.needs.reduce((sum, { scratch }) => sum + word * (1 + scratch.length), 0);
  }

  /** The most bytes that a stage needs: in each thread, and shared. */
  get most(): { readonly scratch: number; readonly partials: number } {
    const total = (parts: readonly number[]): number => parts.reduce((sum, bytes) => sum + bytes, 0);
    return {
      scratch: this.needs.reduce((most, { scratch }) => Math.max(most, total(scratch)), 0),
      partials: this.needs.reduce((most, { partials }) => Math.max(most, partials), 0),
    };
  }

  /** Code of a stage of the program, or of a loop's body within one. */
  inStage(stage: number, write: () => Code): Code {
    if (this.current !== undefined) return write();
    const need: Need = { stage, partials: 0, scratch: [] };
    this.current = need;
    const code = write();
    this.current = undefined;
    if (need.partials === 0 && need.scratch.length === 0) return code;
    const at = this.listBytes;
    this.needs.push(need);
    return [i32.store(i32.const(0), i32.const(at), this.emitter.address(this.slot)), code];
  }

  /** The address of bytes that all pieces share, in the stage whose code is being written. */
  partials(bytes: number): Code {
    const need = this.current!;
    need.partials = Math.max(need.partials, bytes);
    return this.addressAt(0);
  }

  /** The addresses of parts that a thread has for itself in that stage; the first parts of all who ask are the same bytes, and so on. */
  scratch(parts: readonly number[]): Code[] {
    const { scratch } = this.current!;
    for (const [i, bytes] of parts.entries()) scratch[i] = Math.max(scratch[i] ?? 0, bytes);
    return parts.map((_, i) => this.addressAt(1 + i));
  }

  private addressAt(place: number): Code {
    const at = i32.load(i32.const(0), this.emitter.address(this.slot));
    return i32.load(i32.add(this.emitter.threadMemory(), at), this.emitter.layout.ownBytes + word * place);
  }

  /** Bytes beyond the workspace, for what finds no gap in it. */
  beyond(plan: Plan, threads: number): number {
    return placeInGaps(plan, this.emitter.layout, this.needs, threads).beyond;
  }

  /**
   * Writes the lists of threads, once all code is written.
   *
   * @param memories of threads: where their arrays begin
   * @param own allocates memory for what is beyond the workspace
   * @param words a view of words of the memory
   */
  give(
    plan: Plan,
    memories: readonly number[],
    own: (bytes: number) => number,
    words: (address: number, count: number) => { set(values: readonly number[], at: number): void },
  ): void {
    const { layout } = this.emitter;
    const { rooms, beyond } = placeInGaps(plan, layout, this.needs, memories.length);
    const rest = own(beyond);
    const addressOf = (offset: number): number =>
      offset < layout.bytes ? this.emitter.address(offset) : rest + offset - layout.bytes;
    for (const [thread, memory] of memories.entries()) {
      const list = rooms.flatMap(({ partials, scratch }) => [partials, ...scratch[thread]!]);
      words(memory + layout.ownBytes, list.length).set(list.map(addressOf), 0);
    }
  }
}
