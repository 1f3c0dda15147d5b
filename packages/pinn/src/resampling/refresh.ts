// Points drawn again: candidates, what the terms say there, and the ones that are taken.
import { foldHost, type HostArray } from "@hooke/runtime";
import type { Evaluator, Residuals, Sets } from "../evaluator.ts";
import type { Parameters } from "../model.ts";
import { taken } from "../points/cut.ts";
import { joined, type PointSet, type Points } from "../points/points.ts";
import type { Problem } from "../problem.ts";
import { energyNames, residualName } from "../residuals.ts";
import { rms, type Scales } from "../scaling/scales.ts";
import type { Resampling } from "./resampling.ts";

/** The distinct points of a problem, in the order in which its terms name them. */
export function pointsIn({ terms }: Problem): readonly Points[] {
  return [...new Set(Object.values(terms).map(({ points }) => points))];
}

/** Draws all points by key. */
export function drawAll(problem: Problem, key: HostArray): Map<Points, PointSet> {
  return new Map(pointsIn(problem).map((points, i) => [points, points.draw(foldHost(key, i))]));
}

/** Draws the points of energies anew; others stay. */
export function drawEnergies(problem: Problem, sets: Sets, key: HostArray): Map<Points, PointSet> {
  const terms = Object.values(problem.terms);
  const drawn = drawAll(problem, key);
  return new Map(
    pointsIn(problem).map((points) => {
      const energy = terms.some((term) => term.kind === "energy" && term.points === points);
      return [points, (energy ? drawn : sets).get(points)!];
    }),
  );
}

/** Whether residuals of a term of squares are this many times as large at other points as where it is trained. */
export async function areStale(
  stale: number,
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: Scales,
  sets: Sets,
  key: HostArray,
): Promise<boolean> {
  const here = await evaluator.residuals(parameters, scales.fields, sets);
  const there = await evaluator.residuals(parameters, scales.fields, drawAll(problem, key));
  return Object.entries(problem.terms).some(
    ([term, { kind, points }]) =>
      kind === "squares" &&
      points.random &&
      problem.plan.components[term]!.some((component) => {
        const name = residualName(term, component);
        return rms(there[name]!) > stale * rms(here[name]!);
      }),
  );
}

/** The points of the next round. Those that are not random stay. */
export async function refresh(
  resampling: Resampling,
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: Scales,
  key: HostArray,
): Promise<Map<Points, PointSet>> {
  const all = pointsIn(problem);
  const pool: Sets[] = Array.from({ length: resampling.pool }, (_, i) => drawAll(problem, foldHost(key, i)));
  if (resampling.pool === 1) return new Map(pool[0] as Map<Points, PointSet>);
  const said: Residuals[] = [];
  for (const sets of pool) said.push(await evaluator.residuals(parameters, scales.fields, sets));
  const energies = energyNames(problem);
  return new Map(
    all.map((points, i) => {
      const names = Object.entries(problem.terms)
        .filter(([, term]) => term.points === points)
        .flatMap(([name]) => problem.plan.components[name]!.map((component) => residualName(name, component)));
      // A quadrature has points of its own; and where nothing else is drawn there is nothing to choose from.
      if (!points.random || names.some((name) => energies.has(name))) return [points, pool[0]!.get(points)!];
      const set = joined(pool.map((sets) => sets.get(points)!));
      const magnitude = Float64Array.from({ length: points.count * pool.length }, (_, at) => {
        const [draw, row] = [Math.floor(at / points.count), at % points.count];
        return Math.hypot(...names.map((name) => said[draw]![name]![row]! / scales.terms[name]!));
      });
      const chosen = resampling.choose({ set, magnitude }, points, foldHost(foldHost(key, "choose"), i));
      return [points, taken(set, chosen, problem.domain.coordinates.length)];
    }),
  );
}
