// What is known of each kernel, and of the runs, for those who show it.
import type { Machine } from "./machine.ts";

/** What one kernel took in a run, in all steps of the loops around it. */
export interface KernelProfile {
  /** Its place: `3.0` is the first kernel in the body of the loop `3`. */
  readonly number: string;
  /** What is fused into it, and the layers it comes from: `loop add tanh @ features.0`. */
  readonly label: string;
  /** Its arrays; into how many pieces it is divided, and what is computed at the same time. */
  readonly over: string;
  /** How often it is computed in a run. */
  readonly times: number;
  /** On how many threads it is computed. */
  readonly threads: number;
  /** Of the run's time. What kernels take that are computed at the same time is divided among them as they keep threads busy; a loop has what its kernels leave. */
  readonly milliseconds: number;
  /** As its definition counts them: a multiplication and an addition are two, any other function of an element one. */
  readonly operations: number;
  /**
   * As they are computed, at the rate of multiplications with additions: of convolutions in tiles those of the tiles, in loops two for each instruction,
   * of which functions such as `exp` take many.
   */
  readonly issued: number;
  /** That it reads and writes, each element once. */
  readonly bytes: number;
  /** What it would take at the rates that the machine was measured to have, for its operations as they are computed, or for its bytes. */
  readonly floor: number;
  /** Which of the two that is. */
  readonly boundBy: "operations" | "bytes";
}

/** The numbers of a profile. */
export interface Measured {
  readonly runs: number;
  readonly milliseconds: number;
  readonly kernels: readonly KernelProfile[];
  readonly machine: Machine;
}
