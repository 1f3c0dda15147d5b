// What two conditions ask for at the same points: where it differs by as much whatever the networks say, they cannot both hold.
import type { Term } from "../conditions/term.ts";
import type { Evaluator, Sets } from "../evaluator.ts";
import { type FieldScales, moved, type Parameters } from "../model.ts";
import type { PointSet } from "../points/points.ts";
import type { Problem } from "../problem.ts";
import { residualName } from "../residuals.ts";
import { formatted } from "../table.ts";

/** Differences that vary less than this between two networks are fixed. */
const same = 1e-9;

/** A problem with networks, of which what its terms say is asked. */
export interface Probe {
  readonly problem: Problem;
  readonly evaluator: Evaluator;
  readonly parameters: Parameters;
  readonly scales: FieldScales;
  readonly sets: Sets;
}

/** Two conditions by name, and the points where what they ask for is compared: as many for either. */
export interface Compared {
  readonly terms: readonly [own: string, other: string];
  readonly points: readonly [own: PointSet, other: PointSet];
}

/** How far two residuals are apart at each of the points; NaN where that is for the networks to decide. */
export interface Differences {
  readonly names: readonly [own: string, other: string];
  readonly apart: Float64Array;
}

/** What is measured may differ from what is given: by its noise. And conditions on other places beside their points are no statements of these. */
const isCondition = ({ kind, data, places = [], points }: Term): boolean =>
  kind === "squares" &&
  data === undefined &&
  places.length === 0 &&
  points.columns.some((each) => each.startsWith("normal."));

/** The conditions on boundaries, each with each. */
export function pairsOfConditions({ terms }: Problem): readonly (readonly [string, string])[] {
  const names = Object.keys(terms).filter((name) => isCondition(terms[name]!));
  return names.flatMap((own, i) => names.slice(i + 1).map((other) => [own, other] as const));
}

/** The fields that a term asks for. */
export const fieldsOf = ({ plan }: Problem, term: string): readonly string[] =>
  plan.sitesOf[term]!.flatMap((site) => plan.sites[site]!.requests.map(([field]) => field));

/** The largest scale of the fields that terms ask for, or of all. */
export function scaleOf(problem: Problem, scales: FieldScales, terms: readonly string[]): number {
  const fields = terms.flatMap((term) => fieldsOf(problem, term));
  return Math.max(...(fields.length > 0 ? fields : Object.keys(scales)).map((field) => scales[field]!));
}

/** Compares each component of a condition with each of another. */
export async function fixedDifferences(
  { problem, evaluator, parameters, scales, sets }: Probe,
  { terms: [own, other], points: [here, there] }: Compared,
): Promise<readonly Differences[]> {
  const { plan, terms, domain } = problem;
  const [ownPoints, otherPoints] = [terms[own]!.points, terms[other]!.points];
  const size = domain.coordinates.length;
  const count = Math.min(here.rows.length / size, ownPoints.count, otherPoints.count);
  const both: Sets = new Map([
    ...sets,
    [ownPoints, repeated(here, size, count, ownPoints.count)],
    [otherPoints, repeated(there, size, count, otherPoints.count)],
  ]);
  const said = await evaluator.residuals(parameters, scales, both);
  const then = await evaluator.residuals(moved(parameters), scales, both);
  const least = same * scaleOf(problem, scales, [own, other]);
  return plan.components[own]!.flatMap((a) =>
    plan.components[other]!.map((b): Differences => {
      const [left, right] = [residualName(own, a), residualName(other, b)];
      const apart = Float64Array.from({ length: count }, (_, at) => {
        const [l, r] = [said[left]![at]!, said[right]![at]!];
        const size = Math.abs(l) + Math.abs(r);
        const trained = Math.abs(l - then[left]![at]!) > same * size;
        const varies = Math.abs(then[left]![at]! - then[right]![at]! - (l - r)) > same * size + least;
        return trained && !varies ? Math.abs(l - r) : Number.NaN;
      });
      return { names: [left, right], apart };
    }),
  );
}

/** The first points of a set over and over again, for as many as a term has. */
function repeated({ rows, columns }: PointSet, size: number, count: number, needed: number): PointSet {
  const again = (values: Float64Array, each: number): Float64Array =>
    Float64Array.from({ length: needed * each }, (_, i) => values[i % (count * each)]!);
  return {
    rows: again(rows, size),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, again(values, 1)])),
  };
}

/** A point in words: `x = 0, t = 0.5`. */
export const placeOf = ({ domain: { coordinates } }: Problem, { rows }: PointSet, at: number): string =>
  coordinates.map((name, axis) => `${name} = ${formatted(rows[at * coordinates.length + axis]!)}`).join(", ");
