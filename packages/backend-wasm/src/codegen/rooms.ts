// What the kernels of a large program need for themselves: how much follows from their code, which is written after arrays have their places.
// So where it is, is decided last, and code reads the addresses from a list that each thread has behind its arrays, by stages.
import type { Code } from "../encoder/code.ts";
import { i32 } from "../encoder/opcodes.ts";
import { type Need, placeInGaps } from "../plan/gaps.ts";
import type { Plan } from "../plan/kernel.ts";
import type { Emitter } from "./emitter.ts";

/** Bytes of the addresses of a stage's room: of the thread's scratch, and of what pieces share. */
const roomBytes = 8;

export class Rooms {
  private readonly emitter: Emitter;
  /** The offset of the word that says where a stage's addresses are in the list. */
  private readonly slot: number;
  private readonly needs: Need[] = [];
  /** Of the stage whose code is being written. */
  private current: Need | undefined;

  constructor(emitter: Emitter, slot: number) {
    this.emitter = emitter;
    this.slot = slot;
  }

  /** Bytes of a thread's list. */
  get listBytes(): number {
    return roomBytes * this.needs.length;
  }

  /** The most bytes that a stage needs, of each thread and shared. */
  most(name: "scratch" | "partials"): number {
    return this.needs.reduce((bytes, need) => Math.max(bytes, need[name]), 0);
  }

  /** Code of a stage of the program, or of a loop's body within one. */
  inStage(stage: number, write: () => Code): Code {
    if (this.current !== undefined) return write();
    const need = { stage, scratch: 0, partials: 0 };
    this.current = need;
    const code = write();
    this.current = undefined;
    if (need.scratch + need.partials === 0) return code;
    const at = this.listBytes;
    this.needs.push(need);
    return [i32.store(i32.const(0), i32.const(at), this.emitter.address(this.slot)), code];
  }

  /** The address of bytes of each thread, or of bytes that all share, for the stage whose code is being written. */
  address(name: "scratch" | "partials", bytes: number): Code {
    const need = this.current!;
    need[name] = Math.max(need[name], bytes);
    const at = i32.load(i32.const(0), this.emitter.address(this.slot));
    const word = this.emitter.layout.ownBytes + (name === "scratch" ? 0 : 4);
    return i32.load(i32.add(this.emitter.threadMemory(), at), word);
  }

  /** Bytes beyond the workspace, for what finds no gap in it. */
  beyond(plan: Plan, threads: number): number {
    return placeInGaps(plan, this.needs, threads, this.emitter.layout.bytes).beyond;
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
    const { rooms, beyond } = placeInGaps(plan, this.needs, memories.length, layout.bytes);
    const rest = own(beyond);
    const addressOf = (offset: number): number =>
      offset < layout.bytes ? this.emitter.address(offset) : rest + offset - layout.bytes;
    for (const [thread, memory] of memories.entries()) {
      const list = words(memory + layout.ownBytes, 2 * rooms.length);
      for (const [i, { scratch, partials }] of rooms.entries()) {
        list.set([addressOf(scratch[thread]!), addressOf(partials)], 2 * i);
      }
    }
  }
}
