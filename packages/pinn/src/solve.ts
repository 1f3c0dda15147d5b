// Solving: what it takes and returns.
import { type Backend, type Check, checkOptions, checks, fail } from "@hooke/runtime";
import { type Problem, problemCheck } from "./problem.ts";
import type { Report } from "./report.ts";
import { type Resampling, resamplingCheck } from "./resampling/resampling.ts";
import { Run } from "./run.ts";
import { checkScales, type GivenScales, scalesCheck } from "./scaling/scales.ts";
import type { Identified, Solution } from "./solution.ts";
import { type Stage, stagesCheck } from "./stages.ts";
import { type SolveState, stateCheck } from "./state.ts";
import { type Weighting, weightingCheck } from "./weights/weighting.ts";

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

/** Expects a backend. */
export const backendCheck: Check = (value) =>
  typeof (value as Partial<Backend> | null | undefined)?.prepare === "function"
    ? undefined
    : "a backend that has started, such as wasmBackend()";
const seedCheck: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number from 0";
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function of progress");
const dtypeCheck: Check = (value) =>
  value === "f64" ? undefined : '"f64": quasi-Newton methods stop at the rounding of f32, far from the solution';
const budgetCheck: Check = (value) => {
  checkOptions<{ seconds: number }>("budget", value, { required: { seconds: checks.positive } });
  return undefined;
};

/**
 * Solves a problem: networks are trained until what the terms say is as small as it gets. The solution is that of the last fifth of all steps which leaves least between
 * its points; of a problem with energies or data the last one, unless quadratures or held-out data speak for another.
 *
 * @returns the solution, a report that says what the residuals are where it was trained and where it was not, and the identified numbers
 * @throws if a term is not finite at the start, naming it and the point
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { selfScaledBroyden } from "@hooke/minimize";
 * import { errors, interval, mlp, problem, residual, solve } from "@hooke/pinn";
 * import { add, mul, sub } from "@hooke/runtime";
 *
 * const line = interval({ x: [0, 1] });
 * const poisson = problem({
 *   domain: line,
 *   fields: { u: mlp({ units: [8] }) },
 *   exact: { u: ({ x, free }) => mul(mul(x, sub(1, x)), free) },
 *   terms: { equation: residual(line.interior(30), ({ u, d }) => add(d(u, "x", "x"), 2)) },
 * });
 * const stages = [{ method: selfScaledBroyden(), iterations: 200 }];
 * const { solution } = await solve(poisson, { backend: wasmBackend(), stages });
 * const { rows } = await errors(solution, { grid: { x: 50 }, exact: { u: ({ x }) => x! * (1 - x!) } });
 * console.log(rows[0]!.relativeL2 < 1e-6); // true
 * ```
 */
export async function solve(problem: Problem, options: SolveOptions): Promise<Solved> {
  if (problemCheck(problem) !== undefined) fail("solve", `received no problem; expected ${problemCheck(problem)}.`);
  checkOptions<SolveOptions>("solve", options, {
    required: { backend: backendCheck },
    optional: {
      seed: seedCheck,
      stages: stagesCheck,
      resample: resamplingCheck,
      weights: weightingCheck,
      scales: scalesCheck,
      budget: budgetCheck,
      signal: checks.signal,
      onProgress: functionCheck,
      resume: stateCheck,
      dtype: dtypeCheck,
    },
  });
  const { backend } = options;
  if (!backend.dtypes.includes("f64")) {
    fail("solve", `received the backend ${backend.name}, which has no f64; use wasmBackend().`, "unsupported");
  }
  checkScales(problem, options.scales ?? {});
  const run = await Run.begin(problem, options);
  try {
    if (options.resume === undefined) await run.weighFirst();
    await run.stages();
    return await run.finish();
  } finally {
    run.free();
  }
}
