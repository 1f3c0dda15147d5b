// The contract of watchers: what looks at a solution under way, at places where it was not trained, and may take it back.
import type { State } from "@hooke/minimize";
import type { HostArray } from "@hooke/runtime";
import type { Sets } from "../evaluator.ts";
import type { Parameters } from "../model.ts";
import type { Stage } from "../stages.ts";
import type { SolveState } from "../state.ts";

/** Where a solution is between two rounds. */
export interface Here {
  readonly stage: Stage;
  /** Steps of the stage. */
  readonly done: number;
  readonly state: SolveState;
  readonly parameters: Parameters;
  /** The points of the round that has ended. */
  readonly sets: Sets;
  /** Of the solution: what a watcher draws follows from it. */
  readonly key: HostArray;
}

/** Takes a solution back. */
export interface Back {
  readonly to: SolveState;
  /** Whether the stage goes on there, with other points; else it ends. */
  readonly again: boolean;
  /** What the report says of it where the stage ends. */
  readonly words: string;
  /** Whether these are a warning. */
  readonly warned: boolean;
  /** The state of the method whose steps the report counts. */
  readonly counted: State | undefined;
}

/** What a look leads to. */
export interface Looked {
  /** With what the watcher remembers. */
  readonly state: SolveState;
  readonly back?: Back;
}

/** A solution that is chosen at the end. */
export interface Chosen {
  readonly parameters: Parameters;
  /** What the report says of it; empty where it is the last one. */
  readonly words: string;
  /** Whether these are a warning. */
  readonly warned: boolean;
}

/**
 * Looks at a solution where it was not trained. What it remembers is part of {@link SolveState}, under a name of its own, so that a solution that is
 * resumed goes on to the same bits. It does not change points, weights or parameters itself.
 */
export interface Watcher {
  /** The step after `done` at which it asks a round to end; infinite where it asks for none. */
  next(done: number, state: SolveState, stage: Stage): number;
  /**
   * Notes where a round begins, before {@link next} is asked when it will end.
   *
   * @param again whether it begins where a solution was taken back to
   */
  begin?(state: SolveState, again: boolean): SolveState;
  /** Looks, if it is time to: it is called wherever the method has stopped. */
  look(here: Here): Promise<Looked>;
  /** Which solution it speaks for at the end, and why if that is not the last. */
  choose?(here: Omit<Here, "stage">): Promise<Chosen>;
}

/** The multiple of `every` after `done`; infinite if `every` is 0. */
export const multipleAfter = (done: number, every: number): number =>
  every > 0 ? (Math.floor(done / every) + 1) * every : Number.POSITIVE_INFINITY;
