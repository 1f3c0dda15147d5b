// The energies of a problem: integrals by a quadrature, their sum, and their scale.
import { fail, quoted } from "@hooke/runtime";
import type { Residuals, Sets } from "./evaluator.ts";
import type { PointSet, Points } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import { energyNames, residualName } from "./residuals.ts";
import { type GivenScales, rms } from "./scaling/scales.ts";

/** The integral of what a term says. */
export function integral(
  values: ArrayLike<number>,
  { measure, count }: Points,
  { columns: { quadrature } }: PointSet,
): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]! * (quadrature?.[i] ?? measure / count);
  return total;
}

/** The energies of a problem, by one quadrature. */
export interface EnergySum {
  readonly total: number;
  /** The sum of their magnitudes, which cancel in the total. */
  readonly size: number;
  /** Standard deviation of the total where points are drawn independently; a quadrature with weights has none. */
  readonly chance: number;
}

/** Adds the energies of a problem. */
export function sumOfEnergies(problem: Problem, said: Residuals, sets: Sets): EnergySum {
  let [total, size, variance] = [0, 0, 0];
  for (const [name, { kind, points, weight }] of Object.entries(problem.terms)) {
    if (kind !== "energy") continue;
    const set = sets.get(points)!;
    for (const component of problem.plan.components[name]!) {
      const values = said[residualName(name, component)]!;
      const part = weight * integral(values, points, set);
      total += part;
      size += Math.abs(part);
      if (set.columns.quadrature !== undefined || !points.random) continue;
      const mean = part / (weight * points.measure);
      variance += (weight * points.measure * rms(values.map((value) => value - mean))) ** 2 / points.count;
    }
  }
  return { total, size, chance: Math.sqrt(variance) };
}

/** The scale that is given for the energies. @throws if terms that are parts of one energy are given different ones */
export function givenEnergyScale(problem: Problem, given: GivenScales): number | undefined {
  const names = [...energyNames(problem)];
  const stated = names.flatMap((name) => [given[name] ?? given[name.split(".")[0]!] ?? []].flat());
  if (stated.some((scale) => scale !== stated[0])) {
    fail("solve", `received different scales of the energies ${quoted(names)}, which are added; give them one.`);
  }
  return stated[0];
}
