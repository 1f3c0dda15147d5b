// Errors of a solution against what is known.
import { checkOptions, checks, fail, quoted } from "@hooke/runtime";
import { type Places, rowsOf } from "./points/given.ts";
import { rms } from "./scaling/scales.ts";
import { type Solution, solutionCheck } from "./solution.ts";
import { formatted, table } from "./table.ts";

/** A known quantity: a function of a point's coordinates by name, in ordinary numbers. */
export type Known = (point: Readonly<Record<string, number>>) => number;

/** Options of {@link errors}; give `grid` or `points`. */
export interface ErrorsOptions {
  /** How many values of each coordinate, over the bounds of the domain, ends included; points outside of the domain are left out. */
  readonly grid?: Readonly<Record<string, number>>;
  readonly points?: Places;
  /** By name, such as `u` or `stress.xx`. */
  readonly exact: Readonly<Record<string, Known>>;
}

/** The error of one quantity. */
export interface ErrorRow {
  readonly name: string;
  /** Root of the sum of squared errors, divided by that of the exact values. */
  readonly relativeL2: number;
  /** The largest magnitude of an error, in the user's units. */
  readonly largest: number;
  /** Root mean square, in the user's units. */
  readonly rms: number;
  readonly points: number;
}

/** Errors by quantity. `String(errors)` prints them. */
export interface Errors {
  readonly rows: readonly ErrorRow[];
  toString(): string;
}

const recordCheck = (value: unknown): string | undefined =>
  typeof value === "object" && value !== null && Object.keys(value).length > 0 ? undefined : "a record by name";
const exactCheck = (value: unknown): string | undefined =>
  recordCheck(value) ??
  (Object.values(value as object).every((known) => typeof known === "function")
    ? undefined
    : "functions by name, such as { u: ({ x, t }) => Math.exp(-t) * Math.sin(x) }");

/**
 * How far a solution is from what is known.
 *
 * @throws if a quantity is not there, or it is given both a grid and points
 */
export async function errors(solution: Solution, options: ErrorsOptions): Promise<Errors> {
  const expected = solutionCheck(solution);
  if (expected !== undefined) fail("errors", `received no solution; expected ${expected}.`);
  checkOptions<ErrorsOptions>("errors", options, {
    required: { exact: exactCheck },
    optional: { grid: recordCheck, points: recordCheck },
  });
  const { grid, points, exact } = options;
  if ((grid === undefined) === (points === undefined)) fail("errors", "takes a grid or points; give one of them.");
  const { coordinates } = solution.problem.domain;
  const flat = points === undefined ? gridRows(solution, grid!) : rowsOf("errors", coordinates, points);
  const rows = Array.from({ length: flat.length / coordinates.length }, (_, i) => [
    ...flat.subarray(i * coordinates.length, (i + 1) * coordinates.length),
  ]);
  const names = Object.keys(exact);
  const found = await solution.at(rows, names);
  const results = names.map((name): ErrorRow => {
    const values = found[name];
    if (values === undefined)
      fail("errors", `"${name}" is a record of ${quoted(Object.keys(found))}; give one of them.`);
    const known = rows.map((row) => exact[name]!(Object.fromEntries(coordinates.map((axis, i) => [axis, row[i]!]))));
    const differences = values.map((value, i) => value - known[i]!);
    const most = differences.reduce((largest, each) => Math.max(largest, Math.abs(each)), 0);
    return {
      name,
      relativeL2: rms(differences) / rms(known),
      largest: most,
      rms: rms(differences),
      points: rows.length,
    };
  });
  return Object.freeze({
    rows: results,
    toString: () =>
      table(
        ["quantity", "relative L2", "largest", "rms", "points"],
        results.map((row) => [row.name, ...[row.relativeL2, row.largest, row.rms].map(formatted), String(row.points)]),
      ),
  });
}

function gridRows({ problem: { domain } }: Solution, grid: Readonly<Record<string, number>>): Float64Array {
  const { coordinates, bounds } = domain;
  for (const name of Object.keys(grid)) {
    if (!coordinates.includes(name))
      fail("errors", `received a grid along "${name}"; there are ${quoted(coordinates)}.`);
  }
  const lists = coordinates.map((name) => {
    const count = grid[name];
    const expected = checks.count(count);
    if (expected !== undefined) fail("errors", `received ${count} values of "${name}"; expected ${expected}.`);
    const [low, high] = bounds[name]!;
    return Array.from({ length: count! }, (_, i) => (count === 1 ? low : low + ((high - low) * i) / (count! - 1)));
  });
  const rows = lists.reduce<number[][]>(
    (all, list) => all.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  );
  return Float64Array.from(rows.filter((row) => domain.contains(row)).flat());
}
