// Where a solution starts: networks, points and scales.
import { foldHost, randomKey } from "@hooke/runtime";
import { checkContradictions } from "./contradictions.ts";
import { checkFinite, type Evaluator } from "./evaluator.ts";
import { type FieldScales, type Networks, startParameters } from "./model.ts";
import type { Problem } from "./problem.ts";
import { drawAll } from "./resampling/refresh.ts";
import { siteData } from "./residuals.ts";
import { fieldScales } from "./scaling/field-scales.ts";
import { termScales } from "./scaling/term-scales.ts";
import { termSizes } from "./scaling/term-sizes.ts";
import type { SolveOptions } from "./solve-options.ts";
import type { SolveState } from "./state.ts";

/** Networks, points and scales at the start. */
export async function initialState(
  problem: Problem,
  options: SolveOptions,
  networks: Networks,
  evaluator: Evaluator,
  seed: number,
): Promise<SolveState> {
  const { backend, scales: given = {} } = options;
  const parameters = await startParameters(backend, problem, networks, seed);
  const key = foldHost(randomKey(seed), "start");
  const sets = drawAll(problem, key);
  const probe = {
    backend,
    problem,
    networks,
    parameters,
    sites: siteData(problem, sets),
    residuals: async (scales: FieldScales) => {
      const residuals = await evaluator.residuals(parameters, scales, sets);
      checkFinite(problem, residuals, sets);
      return residuals;
    },
  };
  const fields = await fieldScales(probe, given, key);
  const said = await probe.residuals(fields);
  await checkContradictions(problem, evaluator, parameters, fields, sets);
  const terms = termScales(problem, said, await termSizes(said, fields, probe.residuals), sets, given);
  return {
    seed,
    scales: { fields, terms },
    parameters,
    points: [...sets.values()],
    weighed: { weights: {} },
    stage: 0,
    round: { from: 0, until: 0 },
    rounds: 0,
    history: [],
    ended: [],
  };
}
