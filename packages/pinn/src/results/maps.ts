// Maps: a quantity, a residual or an error in the plane.
import { checkArgument, checkOptions, checks, fail, foldHost, quoted, randomKey } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import { time } from "../domains/domain.ts";
import type { Known } from "../errors.ts";
import { termNames } from "../history.ts";
import type { Points } from "../points/points.ts";
import type { Solution } from "../solution.ts";
import { formatted } from "../table.ts";
import { labelOf, type MapFigure, type Units } from "./figures.ts";
import {
  checkSolution,
  evenly,
  type Fixed,
  fixedCheck,
  fixedOf,
  type Grid,
  gridOf,
  pointsCheck,
  quantityOn,
  unitsCheck,
  valuesOn,
} from "./grid.ts";

/** Options of {@link fieldMap}, {@link residualMap} and {@link errorMap}. */
export interface MapOptions {
  /** The coordinates to the right and upwards. Default the first two of space; where there is one, time and it. */
  readonly axes?: readonly [right: string, up: string];
  /** The values of all other coordinates. Default the middle of space and the end of time. */
  readonly at?: Fixed;
  /** How many points the longer side of the grid has. Default 101. */
  readonly points?: number;
  /** Whether it has contour lines, at the values that its colour bar labels. Default false. */
  readonly contours?: boolean;
  /** Units by the names of coordinates and quantities, for labels. Default none. */
  readonly units?: Units;
  /** Default what is shown and where. */
  readonly title?: string;
  /** Default where the largest magnitude is. */
  readonly caption?: string;
}

/** A plane to draw in. */
interface Plane {
  readonly grid: Grid;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** From the order of the grid to rows of the map. */
  readonly turned: boolean;
  readonly names: readonly [right: string, up: string];
  /** Where other coordinates are fixed, in words. */
  readonly where: string;
  readonly units: Units;
  readonly aspect?: number;
}

/**
 * A map of a field, a component or a derived quantity on a regular grid, for the `figures` of `@hooke/report`. What lies outside of the domain is blank.
 *
 * @param quantity its name, such as `"u"` or `"stress.xx"`
 * @throws if there is no such quantity or coordinate, and in one dimension, where {@link slices} draws curves
 */
export async function fieldMap(solution: Solution, quantity: string, options: MapOptions = {}): Promise<MapFigure> {
  const plane = planeOf("fieldMap", solution, options);
  checkName("fieldMap", "the quantity", quantity);
  const values = await quantityOn("fieldMap", solution, plane.grid, quantity);
  return mapOf(plane, values, labelOf(quantity, plane.units), { title: quantity, ...options }, false);
}

/**
 * A map of what a term leaves over: of one that holds in the whole domain on a regular grid, of one on a part of it, such as a face, at points of it. In the
 * user's units, with its sign.
 *
 * @param term its name, or `term.component`
 * @throws if there is no such term; on energies, which are densities, and on terms that compare places, such as periodic ones
 */
export async function residualMap(solution: Solution, term: string, options: MapOptions = {}): Promise<MapFigure> {
  const who = "residualMap";
  const plane = planeOf(who, solution, options);
  checkName(who, "the term", term);
  const { problem } = solution;
  const known = termNames(problem).find(({ name }) => name === term);
  if (known === undefined) {
    fail(who, `there is no term "${term}"; there are ${quoted(termNames(problem).map(({ name }) => name))}.`);
  }
  const held = problem.terms[known.term]!;
  const { kind, points, places = [] } = held;
  if (kind === "energy") {
    fail(
      who,
      `"${term}" is an energy, which leaves no residual; map its density as a derived quantity.`,
      "unsupported",
    );
  }
  if (places.length > 0) {
    fail(
      who,
      `"${term}" compares places with each other, so that it is not of one place; there is no map of it.`,
      "unsupported",
    );
  }
  const asked = (at: At): Readonly<Record<string, Quantity>> => ({ [known.term]: held.record(at) });
  const text = { title: `Residual of ${term}`, ...options };
  const name = `residual of ${labelOf(term, plane.units)}`;
  if (fills(points, problem.domain.measure)) {
    return mapOf(plane, (await valuesOn(solution, plane.grid, asked))[term]!, name, text, true);
  }
  if (problem.domain.coordinates.length !== 2) {
    fail(
      who,
      `"${term}" holds on a part of a domain of ${problem.domain.coordinates.length} dimensions, which has no map; ` +
        "ask solution.at for it at points of that part.",
      "unsupported",
    );
  }
  const set = points.draw(foldHost(randomKey(0), "map"));
  const values = (await solution.at(set, asked))[term]!;
  const axes = plane.names.map((each) => problem.domain.coordinates.indexOf(each));
  const along = (axis: number): number[] => Array.from(values, (_, i) => set.rows[i * 2 + axis]!);
  return mapOf(plane, values, name, text, true, [along(axes[0]!), along(axes[1]!)]);
}

/**
 * A map of how far a quantity is from what is known: found minus known.
 *
 * @throws as {@link fieldMap}
 */
export async function errorMap(
  solution: Solution,
  quantity: string,
  exact: Known,
  options: MapOptions = {},
): Promise<MapFigure> {
  const plane = planeOf("errorMap", solution, options);
  checkName("errorMap", "the quantity", quantity);
  checkArgument("errorMap", "what is known", exact, (value) =>
    typeof value === "function" ? undefined : "a function, such as ({ x }) => Math.sin(x)",
  );
  const found = await quantityOn("errorMap", solution, plane.grid, quantity);
  const { coordinates, rows } = plane.grid;
  const values = found.map((value, i) =>
    Number.isNaN(value) ? value : value - exact(Object.fromEntries(coordinates.map((axis, j) => [axis, rows[i]![j]!]))),
  );
  return mapOf(
    plane,
    values,
    `error of ${labelOf(quantity, plane.units)}`,
    { title: `Error of ${quantity}`, ...options },
    true,
  );
}

const checkName = (who: string, what: string, name: unknown): void =>
  checkArgument(who, what, name, (value) => (typeof value === "string" && value !== "" ? undefined : "a name"));

/** Whether points fill a domain, so that a term of them holds everywhere. */
export const fills = ({ measure, columns, random }: Points, whole: number): boolean =>
  random && Math.abs(measure - whole) <= 1e-9 * whole && columns.every((name) => name === "quadrature");

/** An axis of another unit has a map of this width over its height. */
const timeAspect = 1.6;

function planeOf(who: string, solution: Solution, options: MapOptions): Plane {
  checkSolution(who, solution);
  const { domain } = solution.problem;
  const { coordinates, bounds } = domain;
  checkOptions<MapOptions>(who, options, {
    optional: {
      axes: (value) =>
        Array.isArray(value) &&
        value.length === 2 &&
        value[0] !== value[1] &&
        value.every((name) => coordinates.includes(name))
          ? undefined
          : `two of the coordinates ${quoted(coordinates)}`,
      at: fixedCheck,
      points: pointsCheck,
      contours: checks.flag,
      units: unitsCheck,
      title: (value) => (typeof value === "string" ? undefined : "a text"),
      caption: (value) => (typeof value === "string" ? undefined : "a text"),
    },
  });
  if (coordinates.length < 2) {
    fail(who, `draws in two dimensions, and the domain has ${quoted(coordinates)} alone; use slices.`, "unsupported");
  }
  const { points = 101, units = {}, at = {} } = options;
  const space = coordinates.filter((name) => name !== time);
  const names = options.axes ?? (space.length === 1 ? ([time, space[0]!] as const) : ([space[0]!, space[1]!] as const));
  const sides = names.map((name) => bounds[name]![1] - bounds[name]![0]);
  const alike = !names.includes(time) && Math.max(...sides) <= 10 * Math.min(...sides);
  const counts = sides.map((side) => (alike ? Math.max(2, Math.round((points * side) / Math.max(...sides))) : points));
  const fixed = fixedOf(who, domain, names, at);
  const axes = names.map((name, i) => evenly(bounds[name]!, counts[i]!));
  const grid = gridOf(
    domain,
    coordinates.map((name) => axes[names.indexOf(name)] ?? [fixed[name]!]),
  );
  const where = Object.entries(fixed).map(([name, value]) => `${name} = ${formatted(value)}`);
  return {
    grid,
    x: axes[0]!,
    y: axes[1]!,
    // The grid's last coordinate is fastest, the map's first.
    turned: coordinates.indexOf(names[0]) < coordinates.indexOf(names[1]),
    names,
    where: where.length === 0 ? "" : ` at ${where.join(", ")}`,
    units,
    ...(!alike && { aspect: timeAspect }),
  };
}

/** A few values that are far larger than all others take the colours of the others: the bar ends where so many of the magnitudes lie below. */
const most = 0.98;
/** Values below 0 that are a smaller part of those above than this are roundings, or small errors, at 0. */
const negligible = 0.01;

/** How values become colours: quantities of one sign from dark to light, what should be 0 by its sign. */
function colorsOf(values: Float64Array, signed: boolean): Pick<MapFigure, "range" | "colors"> {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return {};
  if (!signed) {
    const [low, high] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
    const [small, large] = [Math.min(Math.abs(low), Math.abs(high)), Math.max(Math.abs(low), Math.abs(high))];
    return { colors: low < 0 && high > 0 && small > negligible * large ? "diverging" : "sequential" };
  }
  const sizes = finite.map(Math.abs).sort();
  const [usual, largest] = [sizes[Math.floor(most * (sizes.length - 1))]!, sizes.at(-1)!];
  const end = usual > 0 && largest > 2 * usual ? usual : largest;
  return { colors: "diverging", ...(end > 0 && { range: [-end, end] as const }) };
}

/** A map of values on the grid of a plane, or at points of it. */
function mapOf(
  plane: Plane,
  values: Float64Array,
  quantity: string,
  { title, caption, contours }: Pick<MapOptions, "caption" | "contours"> & { readonly title: string },
  signed: boolean,
  at?: readonly [x: readonly number[], y: readonly number[]],
): MapFigure {
  const { names, units, where, aspect, turned } = plane;
  const [x, y] = at ?? [plane.x, plane.y];
  const [columns, rows] = [x.length, y.length];
  const data =
    turned && at === undefined ? values.map((_, i) => values[(i % columns) * rows + Math.floor(i / columns)]!) : values;
  const place = (i: number): readonly [number, number] =>
    at === undefined ? [x[i % columns]!, y[Math.floor(i / columns)]!] : [x[i]!, y[i]!];
  const largest = data.reduce(
    (best, value, i) => (!(Math.abs(value) <= Math.abs(data[best]!)) && !Number.isNaN(value) ? i : best),
    0,
  );
  const words = [
    `Largest at ${names.map((name, i) => `${name} = ${formatted(place(largest)[i]!)}`).join(", ")}: ${formatted(data[largest]!)}.`,
    ...(at === undefined && data.some(Number.isNaN) ? ["Blank where the domain is not."] : []),
    ...(at === undefined ? [] : ["At points of the part where it holds."]),
  ];
  return {
    kind: "fieldMap",
    title: `${title}${where}`,
    caption: caption ?? words.join(" "),
    quantity,
    values: { shape: at === undefined ? [rows, columns] : [x.length], dtype: "f64", data },
    x,
    y,
    xLabel: labelOf(names[0], units),
    yLabel: labelOf(names[1], units),
    ...(aspect !== undefined && { aspect }),
    ...(contours && at === undefined && { contours }),
    ...colorsOf(data, signed),
  };
}
