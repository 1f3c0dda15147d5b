// Conditions on the same part of a boundary that ask for different things: what they say differs by as much whatever the networks say.
import type { Term } from "./conditions/term.ts";
import type { Evaluator, Sets } from "./evaluator.ts";
import { type FieldScales, moved, type Parameters } from "./model.ts";
import type { PointSet } from "./points/points.ts";
import type { Problem } from "./problem.ts";
import { residualName } from "./residuals.ts";
import { formatted } from "./table.ts";

/** Terms are told of where so many points of one lie among those of the other. Where two parts only touch, few do. */
const most = 0.5;

/** Differences of fields of the size of 1 that are larger than this, and vary less than that between two networks, are fixed. */
const [large, same] = [1e-3, 1e-9];

/** How far from a point its neighbours are, in parts of the mean distance of points in a unit square. */
const near = 3;

/** In words, the conditions that cannot hold together, each pair with a point. Where a boundary is curved, only those that share their points are found. */
export async function disagreements(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: FieldScales,
  sets: Sets,
): Promise<readonly string[]> {
  const names = Object.keys(problem.terms).filter((name) => isCondition(problem.terms[name]!));
  const least = large * Math.max(...Object.values(scales));
  const warnings: string[] = [];
  for (const [i, one] of names.entries()) {
    for (const other of names.slice(i + 1)) {
      const isShared = problem.terms[one]!.points === problem.terms[other]!.points;
      const found = (await between(one, other)) ?? (isShared ? undefined : await between(other, one));
      if (found !== undefined) warnings.push(found);
    }
  }
  return warnings;

  /** Compares both where the points of `own` lie among those of `other`, at as many as the other has. */
  async function between(own: string, other: string): Promise<string | undefined> {
    const [here, there] = [problem.terms[own]!.points, problem.terms[other]!.points];
    const [set, among] = [sets.get(here)!, sets.get(there)!];
    const shared = here === there ? [...Array(here.count).keys()] : lyingAmong(problem, set, among);
    if (shared.length < most * here.count) return undefined;
    const compared = shared.filter((at) => at < there.count);
    const both: Sets = here === there ? sets : new Map([...sets, [there, repeated(set, here.count, there.count)]]);
    const said = await evaluator.residuals(parameters, scales, both);
    const then = await evaluator.residuals(moved(parameters), scales, both);
    for (const [left, right] of pairs(own, other)) {
      const differences = compared.map((at) => said[left]![at]! - said[right]![at]!);
      const fixed = compared.filter((at, k) => {
        const [difference, size] = [differences[k]!, Math.abs(said[left]![at]!) + Math.abs(said[right]![at]!)];
        const trained = Math.abs(said[left]![at]! - then[left]![at]!) > same * size;
        const varies = Math.abs(then[left]![at]! - then[right]![at]! - difference) > same * Math.max(size, least);
        return trained && !varies && Math.abs(difference) > least;
      });
      if (fixed.length === 0 || fixed.length < most * compared.length) continue;
      const [at] = fixed as [number];
      const { coordinates } = problem.domain;
      const place = coordinates.map(
        (name, axis) => `${name} = ${formatted(set.rows[at * coordinates.length + axis]!)}`,
      );
      return (
        `"${left}" and "${right}" hold at the same places and contradict each other: at ${place.join(", ")} they are ` +
        `${formatted(Math.abs(differences[compared.indexOf(at)]!))} apart whatever the fields are. The solution lies between them. Remove one, or let each hold on a part of its own.`
      );
    }
    return undefined;
  }

  function pairs(own: string, other: string): [string, string][] {
    const { components } = problem.plan;
    return components[own]!.flatMap((a) =>
      components[other]!.map((b): [string, string] => [residualName(own, a), residualName(other, b)]),
    );
  }
}

/** What is measured may differ from what is given: by its noise. */
const isCondition = ({ kind, data, places = [], points }: Term): boolean =>
  kind === "squares" &&
  data === undefined &&
  places.length === 0 &&
  points.columns.some((each) => each.startsWith("normal."));

/** The points of a set that lie on the same plane as some of another, with the same normal, and not farther from them than these from each other. */
function lyingAmong({ domain }: Problem, set: PointSet, among: PointSet): number[] {
  const { coordinates, bounds } = domain;
  const dimensions = coordinates.length;
  const lengths = coordinates.map((name) => bounds[name]![1] - bounds[name]![0]);
  const count = among.rows.length / dimensions;
  const reach = dimensions === 1 ? same : near * count ** (-1 / (dimensions - 1));
  const normals = coordinates.map((name) => `normal.${name}`);
  const isNeighbour = (at: number, other: number): boolean => {
    let [distance, off] = [0, 0];
    for (let axis = 0; axis < dimensions; axis++) {
      const normal = set.columns[normals[axis]!]?.[at] ?? 0;
      if (Math.abs(normal - (among.columns[normals[axis]!]?.[other] ?? 0)) > same) return false;
      const apart = (set.rows[at * dimensions + axis]! - among.rows[other * dimensions + axis]!) / lengths[axis]!;
      distance += apart ** 2;
      off += normal * apart;
    }
    return Math.abs(off) <= same && distance <= reach ** 2;
  };
  const all = [...Array(count).keys()];
  return [...Array(set.rows.length / dimensions).keys()].filter((at) => all.some((other) => isNeighbour(at, other)));
}

/** A set over and over again, for as many points. */
function repeated({ rows, columns }: PointSet, own: number, count: number): PointSet {
  const width = rows.length / own;
  const again = (values: Float64Array, each: number): Float64Array =>
    Float64Array.from({ length: count * each }, (_, i) => values[i % values.length]!);
  return {
    rows: again(rows, width),
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, again(values, 1)])),
  };
}
