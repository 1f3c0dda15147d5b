// Solving: what it takes, checked, and a run of it.
import { type Check, checkOptions, checks, fail } from "@hooke/runtime";
import { type Problem, problemCheck } from "./problem.ts";
import { resamplingCheck } from "./resampling/resampling.ts";
import { Run } from "./run.ts";
import { checkScales, scalesCheck } from "./scaling/scales.ts";
import type { Solved, SolveOptions } from "./solve-options.ts";
import { stagesCheck } from "./stages.ts";
import { stateCheck } from "./state.ts";
import { weightingCheck } from "./weights/weighting.ts";

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
    required: { backend: checks.backend },
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
