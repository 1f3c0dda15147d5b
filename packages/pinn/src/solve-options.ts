// What solving takes and returns.
import type { Backend } from "@hooke/runtime";
import type { Report } from "./report.ts";
import type { Resampling } from "./resampling/resampling.ts";
import type { GivenScales } from "./scaling/scales.ts";
import type { Identified, Solution } from "./solution.ts";
import type { Stage } from "./stages.ts";
import type { SolveState } from "./state.ts";
import type { Weighting } from "./weights/weighting.ts";

/** How far it has come. */
export interface Progress {
  /** The stage, from 0, and its method. */
  readonly stage: number;
  readonly method: string;
  /** Steps of the stage. */
  readonly iteration: number;
  /** Evaluations of loss and gradient in the stage. */
  readonly evaluations: number;
  readonly loss: number;
  /** Since {@link solve} was called. */
  readonly seconds: number;
}

/** Options of {@link solve}. */
export interface SolveOptions {
  /** A backend that has started and runs f64, such as `wasmBackend()`. */
  readonly backend: Backend;
  /** Of networks and points: the same seed gives the same bits, unless `budget` ends it. Default 0. */
  readonly seed?: number;
  /** Default 500 steps of Adam, then 10,000 of self-scaled Broyden, or of L-BFGS for more than 2,000 parameters. */
  readonly stages?: readonly Stage[];
  /** When points are drawn again. Default {@link worstFirst} every 500 steps, or every 100 where residuals are twice as large between points. */
  readonly resample?: Resampling;
  /** How terms count beside each other. Default in time `causal()`, where there are neither data nor energies; else `fixed()`, as they state. */
  readonly weights?: Weighting;
  /** Scales, by field, term or `term.component`, instead of those found. Default none. */
  readonly scales?: GivenScales;
  /** Ends it, whatever stage it is in. Default none. */
  readonly budget?: { readonly seconds: number };
  /** Ends it within an evaluation; what it has reached is returned. */
  readonly signal?: AbortSignal;
  /** Called after each step, and awaited. `state()` is what it remembers there, `solution()` the solution as it is there. */
  readonly onProgress?: (
    progress: Progress,
    state: () => Promise<SolveState>,
    solution: () => Promise<Solution>,
  ) => void | Promise<void>;
  /** What an earlier run of the same problem and stages remembered: it goes on to the same bits. */
  readonly resume?: SolveState;
  /** Everything is computed in f64: quasi-Newton methods end early in f32. */
  readonly dtype?: "f64";
}

/** What {@link solve} returns. */
export interface Solved {
  readonly solution: Solution;
  readonly report: Report;
  /** The numbers that were identified, by name. */
  readonly identified: Readonly<Record<string, Identified>>;
  /** To go on from. */
  readonly state: SolveState;
}
