// Errors of a solution against what is known.
import { checkOptions, checks, fail, quoted } from "@hooke/runtime";
import type { At, Quantity } from "./derivatives/at.ts";
import { type Places, rowsOf } from "./points/given.ts";
import { evenly, type Grid, gridOf } from "./results/grid.ts";
import { rms } from "./scaling/scales.ts";
import { type Solution, solutionCheck } from "./solution.ts";
import { formatted, table } from "./table.ts";

/** A known quantity: a function of a point's coordinates by name, in ordinary numbers. */
export type Known = (point: Readonly<Record<string, number>>) => number;

/** Options of {@link errors}; give `grid` or `points`, and `exact` or `reference` or both. */
export interface ErrorsOptions {
  /** How many values of each coordinate, over the bounds of the domain, ends included; points outside of the domain are left out. */
  readonly grid?: Readonly<Record<string, number>>;
  readonly points?: Places;
  /** Functions by name, such as `u` or `stress.xx`. */
  readonly exact?: Readonly<Record<string, Known>>;
  /**
   * Numbers by name, measured or computed elsewhere: one for each of `points`, or for each point of `grid`, its last coordinate fastest. Where they are NaN, nothing is
   * known.
   */
  readonly reference?: Readonly<Record<string, ArrayLike<number>>>;
  /** Further quantities to compare, by name: `({ u, d }) => ({ slope: d(u, "x") })`. Default none. */
  readonly quantities?: (at: At) => Readonly<Record<string, Quantity>>;
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

const referenceCheck = (value: unknown): string | undefined =>
  recordCheck(value) ??
  (Object.values(value as object).every((list) => Array.isArray(list) || (ArrayBuffer.isView(list) && "length" in list))
    ? undefined
    : "lists of numbers by name, such as { u: [0.1, 0.4] }");

/**
 * How far a solution is from what is known.
 *
 * @throws if a quantity is not there, it is given both a grid and points, or a reference has not a number for each point
 */
export async function errors(solution: Solution, options: ErrorsOptions): Promise<Errors> {
  const expected = solutionCheck(solution);
  if (expected !== undefined) fail("errors", `received no solution; expected ${expected}.`);
  checkOptions<ErrorsOptions>("errors", options, {
    optional: {
      grid: recordCheck,
      points: recordCheck,
      exact: exactCheck,
      reference: referenceCheck,
      quantities: (value) => (typeof value === "function" ? undefined : "a function that returns a record"),
    },
  });
  const { grid, points, exact = {}, reference = {}, quantities } = options;
  if ((grid === undefined) === (points === undefined)) fail("errors", "takes a grid or points; give one of them.");
  const names = [...Object.keys(exact), ...Object.keys(reference)];
  if (names.length === 0) fail("errors", "received nothing that is known; give exact or reference.");
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail("errors", `received "${twice}" in exact and in reference; give it in one of them.`);
  const { domain } = solution.problem;
  const { coordinates } = domain;
  const { rows, inside } =
    points === undefined
      ? gridOf(domain, axesOf(solution, grid!))
      : listed(rowsOf("errors", coordinates, points), coordinates);
  for (const [name, { length }] of Object.entries(reference)) {
    if (length !== rows.length) {
      fail(
        "errors",
        `received ${length} numbers of "${name}" for ${rows.length} points; give one for each.`,
        "mismatch",
      );
    }
  }
  const chosen = inside.map((i) => rows[i]!);
  const further = quantities === undefined ? {} : await solution.at(chosen, quantities);
  const own = names.filter((name) => !Object.hasOwn(further, name));
  const found = own.length === 0 ? further : { ...(await solution.at(chosen, own)), ...further };
  const results = names.map((name): ErrorRow => {
    const values = found[name];
    if (values === undefined)
      fail("errors", `"${name}" is a record of ${quoted(Object.keys(found))}; give one of them.`);
    const known = inside.map((i) => {
      const row = rows[i]!;
      if (reference[name] !== undefined) return reference[name][i]!;
      return exact[name]!(Object.fromEntries(coordinates.map((axis, j) => [axis, row[j]!])));
    });
    // What was not measured is not there; an exact function that is not a number makes the error none.
    const measured = known.flatMap((value, i) => (reference[name] !== undefined && Number.isNaN(value) ? [] : [i]));
    if (measured.length === 0) fail("errors", `received no number of "${name}" at a point of the domain; give some.`);
    const differences = measured.map((i) => values[i]! - known[i]!);
    const most = differences.reduce((largest, each) => Math.max(largest, Math.abs(each)), 0);
    return {
      name,
      relativeL2: rms(differences) / rms(measured.map((i) => known[i]!)),
      largest: most,
      rms: rms(differences),
      points: measured.length,
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

/** Points as a grid has them, all of which count. */
function listed(flat: Float64Array, { length }: readonly string[]): Pick<Grid, "rows" | "inside"> {
  const rows = Array.from({ length: flat.length / length }, (_, i) => [...flat.subarray(i * length, (i + 1) * length)]);
  return { rows, inside: rows.map((_, i) => i) };
}

function axesOf({ problem: { domain } }: Solution, grid: Readonly<Record<string, number>>): number[][] {
  const { coordinates, bounds } = domain;
  for (const name of Object.keys(grid)) {
    if (!coordinates.includes(name))
      fail("errors", `received a grid along "${name}"; there are ${quoted(coordinates)}.`);
  }
  return coordinates.map((name) => {
    const count = grid[name];
    const expected = checks.count(count);
    if (expected !== undefined) fail("errors", `received ${count} values of "${name}"; expected ${expected}.`);
    const [low, high] = bounds[name]!;
    return count === 1 ? [low] : evenly([low, high], count!);
  });
}
