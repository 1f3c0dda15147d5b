// What runs printed programs: a device with one memory, seen by the backend that all of them share.

import type { Traits } from "./printer.ts";
import type { Step } from "./program.ts";

/** Words of a device in one piece, which grow from the end. */
export interface Extent {
  /** How many there are now. Fewer than before where the device turned out not to have them. */
  readonly words: number;
  /** How many there can be. */
  readonly mostWords: number;
  /**
   * Has at least so many words; those before keep what they hold.
   *
   * @param what needs them, for errors
   * @throws with the code `out-of-memory` where the device is known not to have them
   */
  grow(least: number, what: string): void;
}

/** The launches of a program, compiled. */
export interface Recording {
  /** Runs them once, behind what was asked for before. @param addresses of the workspace, inputs and outputs, in words */
  run(addresses: readonly number[]): void;
  free(): void;
}

/** A device. What it is asked for it does in order, and later; what fails is thrown by a later call, by `settle` at the latest. */
export interface Machine {
  readonly traits: Traits;
  readonly memory: Extent;
  /** Copies words in; the caller may change them afterwards. */
  write(address: number, words: Uint32Array<ArrayBuffer>): void;
  /** Copies words out. */
  read(address: number, words: number): Promise<ArrayBuffer>;
  /** Compiles launches. @throws with the name of the kernel that does not compile */
  record(steps: readonly Step[]): Promise<Recording>;
  /** Waits until nothing more is to be heard of what was asked for, and throws what went wrong. */
  settle(): Promise<void>;
}
