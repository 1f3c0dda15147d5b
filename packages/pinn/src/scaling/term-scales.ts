// The scales of terms: what they say at the start, of energies their sum, of data their noise.
import { givenEnergyScale, sumOfEnergies } from "../energies.ts";
import type { Residuals, Sets } from "../evaluator.ts";
import type { Problem } from "../problem.ts";
import { energyNames, residualName } from "../residuals.ts";
import { type GivenScales, rms, type Scales } from "./scales.ts";

/**
 * What terms are divided by: what they say at the start; energies, which are parts of one, by the sum of their magnitudes; data of known noise in
 * proportion to it, so that each counts as its noise says.
 */
export function termScales(
  problem: Problem,
  said: Residuals,
  sizes: Readonly<Record<string, number>>,
  sets: Sets,
  given: GivenScales,
): Scales["terms"] {
  const energies = energyNames(problem);
  const { size } = sumOfEnergies(problem, said, sets);
  const ofEnergies = givenEnergyScale(problem, given) ?? (size || 1);
  const exactness = exactnessOf(problem, said);
  return Object.fromEntries(
    Object.entries(problem.plan.components).flatMap(([term, components]) =>
      components.map((component) => {
        const name = residualName(term, component);
        if (energies.has(name)) return [name, ofEnergies];
        const sd = problem.terms[term]!.data?.sd;
        const found = sd === undefined ? sizes[name] || 1 : sd / exactness;
        return [name, given[name] ?? given[term] ?? found];
      }),
    ),
  );
}

/** The noise of the most exact data in terms of what is measured, so that data of known noise count beside each other as their noise says. */
function exactnessOf({ terms, plan }: Problem, said: Residuals): number {
  const shares = Object.entries(terms).flatMap(([term, { data }]) =>
    plan.components[term]!.map((component) => (data?.sd ?? Number.NaN) / rms(said[residualName(term, component)]!)),
  );
  return Math.min(...shares.filter((share) => Number.isFinite(share)), 1);
}
