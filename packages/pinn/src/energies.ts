// The energies of a problem: their sum, and whether a quadrature is still to be believed.
import type { State } from "@hooke/minimize";
import { fail, foldHost, type HostArray, quoted } from "@hooke/runtime";
import type { Evaluator, Residuals, Sets } from "./evaluator.ts";
import type { FieldScales, Parameters } from "./model.ts";
import type { PointSet, Points } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import { drawAll } from "./resampling/refresh.ts";
import { energyNames, residualName } from "./residuals.ts";
import { type GivenScales, rms } from "./scaling/scales.ts";
import { formatted } from "./table.ts";

/** Steps after which quadratures are compared, and drawn anew, at the latest; and the fewest, to which they shrink where a network hides jumps. */
export const [compareEvery, shortest] = [100, 10];

/** Where a round began. */
export interface Sound {
  /** What the method remembered there; absent at the beginning of a stage. */
  readonly method?: State;
  /** Steps of the round. */
  readonly span: number;
  /** How far the quadratures of the rounds of this stage were from others. */
  readonly gaps: readonly number[];
  /** The energy there by other quadratures; absent at the beginning of a stage. */
  readonly energy?: number;
}

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

/** How many quadratures are drawn for a comparison. */
const draws = 4;

/** The energy by quadratures of points that are drawn for this comparison alone. */
async function byOthers(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: FieldScales,
  key: HostArray,
): Promise<readonly EnergySum[]> {
  const found: EnergySum[] = [];
  for (let i = 0; i < draws; i++) {
    const sets = drawAll(problem, foldHost(key, i));
    found.push(sumOfEnergies(problem, await evaluator.residuals(parameters, scales, sets), sets));
  }
  return found;
}

/** Quadratures that differ by more than this part of the energies, and so many standard deviations, have parted. */
const [part, deviations] = [1e-3, 4];

/** So many rounds tell how far quadratures are apart where nothing is hidden; so many times as far, and further than what a round gained, they have parted. */
const [rounds, times] = [3, 10];

/** Energies are flat where they are least: of a difference of this part, fields show the root. */
const noticed = 1e-5;

/** What a comparison of quadratures says. */
export interface Comparison {
  /** The largest difference between the quadrature of the training and others. */
  readonly gap: number;
  /** The mean by others. */
  readonly energy: number;
  /** Says in words that they have parted. */
  readonly parted?: string;
  /** Whether fields may show it. */
  readonly visible: boolean;
}

/**
 * Compares the quadrature of a round with others. That they part must be noticed at once: a jump that has become narrow is missed by most quadratures, and the
 * energy by them is then as wrong as that of the training.
 */
export async function compare(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: FieldScales,
  sets: Sets,
  key: HostArray,
  { gaps, energy: before = Number.POSITIVE_INFINITY }: Sound,
): Promise<Comparison> {
  const own = sumOfEnergies(problem, await evaluator.residuals(parameters, scales, sets), sets);
  const others = await byOthers(problem, evaluator, parameters, scales, key);
  const energy = others.reduce((sum, { total }) => sum + total, 0) / others.length;
  const [farthest] = others.toSorted((a, b) => Math.abs(b.total - own.total) - Math.abs(a.total - own.total));
  const gap = Math.abs(farthest!.total - own.total);
  const chance = deviations * Math.SQRT2 * own.chance;
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const large = gap > part * Math.min(own.size, farthest!.size) + chance;
  const grown = gaps.length >= rounds && gap > times * usual + chance && gap > before - energy;
  const visible = gap > noticed * Math.min(own.size, farthest!.size);
  if (!large && !grown) return { gap, energy, visible };
  const words = `The energy was ${formatted(own.total)} by its quadrature, and ${formatted(gap)} away by another.`;
  return { gap, energy, visible, parted: words };
}
