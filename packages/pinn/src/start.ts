// Where a solution starts: networks, points and scales.
import { fail, foldHost, randomKey } from "@hooke/runtime";
import { checkSamePlaces } from "./contradictions/at-same-places.ts";
import { checkWalls } from "./contradictions/walls.ts";
import { checkExact } from "./contradictions/with-exact.ts";
import { checkFinite, type Evaluator, type Residuals, type Sets } from "./evaluator.ts";
import { type FieldScales, type Networks, parametersBy, startParameters } from "./model.ts";
import type { Problem } from "./problem.ts";
import { drawAll } from "./resampling/refresh.ts";
import { siteData } from "./residuals.ts";
import { fieldScales } from "./scaling/field-scales.ts";
import { termScales } from "./scaling/term-scales.ts";
import { termSizes } from "./scaling/term-sizes.ts";
import type { SolveOptions } from "./solve-options.ts";
import type { SolveState } from "./state.ts";

/**
 * Of how many networks beside its own a term is asked how large it is, where data have a scale of their own, their noise. Elsewhere all terms are measured on
 * one network, and so balanced.
 */
const others = 7;

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
  checkPlaces(problem, sets);
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
  const asked = { problem, evaluator, parameters, scales: fields, sets };
  await checkWalls(backend, asked);
  await checkExact(asked);
  await checkSamePlaces(asked);
  const isMeasured = Object.values(problem.terms).some(({ data }) => data?.sd !== undefined);
  const count = isMeasured ? others : 0;
  const keys = Array.from({ length: count }, (_, i) => foldHost(foldHost(randomKey(seed), "sizes"), i));
  const would: Residuals[] = [];
  for (const other of await parametersBy(backend, problem, networks, keys)) {
    would.push(await evaluator.residuals(other, fields, sets));
  }
  const terms = termScales(problem, said, await termSizes(said, would, fields, probe.residuals), sets, given);
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

/** Refuses points outside of the bounds of the domain, which networks see as [-1, 1]. @throws naming the term and the point */
function checkPlaces({ domain: { coordinates, bounds }, terms }: Problem, sets: Sets): void {
  const ranges = coordinates.map((name) => {
    const [low, high] = bounds[name]!;
    const slack = 1e-12 * Math.max(Math.abs(low), Math.abs(high), high - low);
    return [low - slack, high + slack] as const;
  });
  const size = coordinates.length;
  for (const [name, { points }] of Object.entries(terms)) {
    const { rows } = sets.get(points)!;
    const isOutside = (value: number, i: number): boolean => {
      const [low, high] = ranges[i % size]!;
      return !(value >= low && value <= high);
    };
    const first = rows.findIndex(isOutside);
    if (first < 0) continue;
    const from = first - (first % size);
    const place = coordinates.map((each, axis) => `${each} = ${rows[from + axis]}`).join(", ");
    fail(
      `term "${name}"`,
      `has the point ${place}, which lies outside of the domain; make it one that has all points.`,
    );
  }
}
