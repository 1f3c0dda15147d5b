// Regular grids over the bounds of a domain, and what a solution says there.
import { type Check, checks, fail, quoted } from "@hooke/runtime";
import { type Domain, time } from "../domains/domain.ts";
import { type Asked, type Solution, solutionCheck } from "../solution.ts";

/** A regular grid. */
export interface Grid {
  readonly coordinates: readonly string[];
  /** The values of each coordinate, in their order; one where it is fixed. */
  readonly axes: readonly (readonly number[])[];
  /** All points, the last coordinate fastest. */
  readonly rows: readonly (readonly number[])[];
  /** The indices of those that the domain contains. */
  readonly inside: readonly number[];
}

/** A number for each of some coordinates. */
export type Fixed = Readonly<Record<string, number>>;

/** Expects numbers by name. */
export const fixedCheck: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(Number.isFinite)
    ? undefined
    : "numbers by coordinate, such as { t: 0.5 }";

/** Expects how many points an axis has. */
export const pointsCheck: Check = (value) =>
  checks.count(value) === undefined && (value as number) > 1 ? undefined : "a whole number above 1";

/** Expects texts by name. */
export const unitsCheck: Check = (value) =>
  typeof value === "object" && value !== null && Object.values(value).every((unit) => typeof unit === "string")
    ? undefined
    : 'units by name, such as { x: "m", stress: "MPa" }';

/** @throws where it is no solution */
export function checkSolution(who: string, solution: unknown): void {
  const expected = solutionCheck(solution);
  if (expected !== undefined) fail(who, `received no solution; expected ${expected}.`);
}

/** Evenly spaced values, ends included; the middle, if there is one. */
export function evenly([low, high]: readonly [number, number], count: number): number[] {
  if (count === 1) return [(low + high) / 2];
  return Array.from({ length: count }, (_, i) => (i === count - 1 ? high : low + ((high - low) * i) / (count - 1)));
}

/** A grid of these values of each coordinate. */
export function gridOf(domain: Domain, axes: readonly (readonly number[])[]): Grid {
  const rows = axes.reduce<readonly (readonly number[])[]>(
    (all, axis) => all.flatMap((row) => axis.map((value) => [...row, value])),
    [[]],
  );
  const inside = rows.flatMap((row, i) => (domain.contains(row) ? [i] : []));
  return { coordinates: domain.coordinates, axes, rows, inside };
}

/** Where coordinates that are not drawn are fixed: as given, else space in its middle and time at its end. */
export function fixedOf(who: string, { coordinates, bounds }: Domain, drawn: readonly string[], given: Fixed): Fixed {
  for (const name of Object.keys(given)) {
    const rest = coordinates.filter((each) => !drawn.includes(each));
    if (rest.includes(name)) continue;
    fail(
      who,
      `received "${name}" among the coordinates to fix, which are ${rest.length === 0 ? "none" : quoted(rest)}.`,
    );
  }
  return Object.fromEntries(
    coordinates
      .filter((name) => !drawn.includes(name))
      .map((name) => [name, given[name] ?? (name === time ? bounds[name]![1] : evenly(bounds[name]!, 1)[0]!)]),
  );
}

/** What is asked at the points of a grid, NaN where the domain is not. */
export async function valuesOn(
  solution: Solution,
  { rows, inside }: Grid,
  asked: Asked,
): Promise<Readonly<Record<string, Float64Array>>> {
  const found = await solution.at(
    inside.map((i) => rows[i]!),
    asked,
  );
  return Object.fromEntries(
    Object.entries(found).map(([name, values]) => {
      const all = new Float64Array(rows.length).fill(Number.NaN);
      for (const [j, i] of inside.entries()) all[i] = values[j]!;
      return [name, all];
    }),
  );
}

/** One quantity, by name. @throws where it is a record, naming its components */
export async function quantityOn(who: string, solution: Solution, grid: Grid, name: string): Promise<Float64Array> {
  const found = await valuesOn(solution, grid, [name]);
  return found[name] ?? fail(who, `"${name}" is a record of ${quoted(Object.keys(found))}; give one of them.`);
}
