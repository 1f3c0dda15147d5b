// Data: what was measured of fields at points, with its noise, and what is held out to see where fitting it ends.
import { type Check, checkArgument, checkOptions, checks, fail, randomKey, type Tensor } from "@hooke/runtime";
import type { At } from "../derivatives/at.ts";
import { type Domain, domainCheck } from "../domains/domain.ts";
import { checkInside, givenPoints, type Places, rowsOf } from "../points/given.ts";
import type { Points } from "../points/points.ts";
import { permutation } from "../points/sampler.ts";
import { differences, targetsOf } from "./given.ts";
import type { Given, GivenValues, Term } from "./term.ts";

/** What was measured: a number a point, by field or derived quantity, and by component where it has some. */
export type Measured = Readonly<Record<string, ArrayLike<number> | Readonly<Record<string, ArrayLike<number>>>>>;

/** Options of {@link data}. */
export interface DataOptions {
  /**
   * How much it counts beside other terms. Default 0.1: equations hold exactly and data do not, and where equations are lax the network follows the
   * noise. Less makes equations hold more exactly, and the solution slower to find.
   */
  readonly weight?: number;
  /**
   * The standard deviation of the noise of each number, in the user's units. The term is then measured by it: its residual is about 1 where the
   * field is right. Default: not known; it is estimated from what is left at the end.
   */
  readonly sd?: number;
  /**
   * The share of points that is not fitted, above 0 and below 1. `solve` returns no solution whose misfit there had been clearly lower
   * before. Default 0: all are fitted.
   */
  readonly holdOut?: number;
}

const shareCheck: Check = (value) =>
  typeof value === "number" && value >= 0 && value < 1 ? undefined : "a share from 0 to below 1, such as 0.2";

/**
 * What was measured at points. With noise of a known `sd`, and with points held out, the unknowns of a problem are identified with intervals.
 *
 * @param domain of the problem
 * @param places rows in the order of the coordinates, or a list for each coordinate
 * @param values by field, and by component where it has some: as many numbers as points
 * @throws if a point lies outside of the domain, a value is not finite, or there are not as many values as points
 * @example
 * ```ts
 * import { box, data } from "@hooke/pinn";
 *
 * const plate = box({ x: [0, 1], y: [0, 1] });
 * const gauges = { x: [0.2, 0.5, 0.8], y: [0.5, 0.5, 0.5] };
 * const measured = data(plate, gauges, { u: { x: [0.1, 0.2, 0.1], y: [0, 0.1, 0] } }, { sd: 0.01, holdOut: 0.3 });
 * console.log(measured.points.count, measured.data!.heldOut!.points.count); // 2 1
 * ```
 */
export function data(domain: Domain, places: Places, values: Measured, options: DataOptions = {}): Term {
  const who = "data";
  checkArgument(who, "the domain", domain, domainCheck);
  checkOptions<DataOptions>(who, options, {
    optional: { weight: checks.positive, sd: checks.positive, holdOut: shareCheck },
  });
  const { weight = 0.1, sd, holdOut = 0 } = options;
  const { coordinates } = domain;
  const rows = rowsOf(who, coordinates, places);
  checkInside(who, domain, rows);
  const count = rows.length / coordinates.length;
  const columns = columnsOf(who, values, count);
  const kept = count - Math.round(holdOut * count);
  if (kept === 0 || (holdOut > 0 && kept === count)) {
    fail(who, `received ${count} points of which ${holdOut} are held out; at least one is fitted and one held out.`);
  }
  // The same points for every seed of a solution, so that seeds can be compared.
  const order = holdOut > 0 ? permutation(randomKey(0), count) : Uint32Array.from({ length: count }, (_, i) => i);
  const given = readFrom(values);
  const termAt = (points: Points): Pick<Term, "kind" | "points" | "weight" | "record" | "targets"> => ({
    kind: "squares",
    points,
    weight,
    record: (at: At) => differences(who, at, given, (name) => at[name]),
    targets: (at: At) => targetsOf(at, given),
  });
  const part = (from: number, to?: number): Points =>
    givenPoints(coordinates, rows, columns, order.slice(from, to).sort());
  return Object.freeze<Term>({
    ...termAt(part(0, kept)),
    data: { ...(sd !== undefined && { sd }), ...(kept < count && { heldOut: Object.freeze(termAt(part(kept))) }) },
  });
}

/** Values as columns of points, by `field` or `field.component`. */
function columnsOf(who: string, values: unknown, count: number): Record<string, Float64Array> {
  checkArgument(who, "the values", values, (value) =>
    typeof value === "object" && value !== null && !isList(value) && Object.keys(value).length > 0
      ? undefined
      : "a record of measured values by field, such as { u: [1.2, 0.7] }",
  );
  return Object.fromEntries(
    entriesOf(values as Measured).map(([name, list]) => {
      if (!isList(list)) fail(who, `received no list of numbers for "${name}"; give one number for each point.`);
      const column = Float64Array.from(list);
      if (column.length !== count) {
        fail(who, `received ${column.length} values of "${name}" for ${count} points; give as many.`, "mismatch");
      }
      const bad = column.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) fail(who, `received ${column[bad]} for "${name}" at the point ${bad}; leave it out.`, "non-finite");
      return [name, column];
    }),
  );
}

const isList = (value: unknown): value is ArrayLike<number> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** Each value with its name; what is neither a list nor a record with entries stays whole. */
function entriesOf(values: Measured): [string, unknown][] {
  return Object.entries(values).flatMap(([name, value]) => {
    const parts = typeof value === "object" && value !== null && !isList(value) ? Object.entries(value) : [];
    if (parts.length === 0) return [[name, value] as [string, unknown]];
    return parts.map(([part, list]): [string, unknown] => [`${name}.${part}`, list]);
  });
}

/** The values that conditions take, read from the columns. */
function readFrom(values: Measured): GivenValues {
  const column =
    (name: string): Given =>
    ({ columns }: At): Tensor =>
      columns[name]!;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isList(value)
        ? column(name)
        : Object.fromEntries(Object.keys(value).map((part) => [part, column(`${name}.${part}`)])),
    ]),
  );
}
