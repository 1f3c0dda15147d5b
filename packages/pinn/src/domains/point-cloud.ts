// Domains that are known by points: of a mesh, a scan.
import { type Check, checkArgument, checkOptions, fail, foldHost, type HostArray, quoted } from "@hooke/runtime";
import { taken } from "../points/cut.ts";
import { checkDraw, type DrawOptions, testOf } from "../points/draw.ts";
import type { PointSet, Points } from "../points/points.ts";
import { permutation } from "../points/sampler.ts";
import type { Domain, Interval } from "./domain.ts";
import { normalNames } from "./shape.ts";

/** Lists of numbers by name, of one length. */
export type Lists = Readonly<Record<string, ArrayLike<number>>>;

/** Options of {@link pointCloud}. */
export interface PointCloudOptions {
  /** Points inside: `{ x: [...], y: [...] }`, and under `measure` the area or volume that each stands for, if it is known. */
  readonly inside: Lists;
  /** Points of the boundary, with the outward unit normals `"normal.x"`, `"normal.y"`, and under `measure` the length or area of each, if it is known. */
  readonly boundary: Lists;
}

const listsCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.keys(value).length > 0 &&
  Object.values(value).every(
    (list) => typeof list === "object" && list !== null && (list as ArrayLike<number>).length > 0,
  )
    ? undefined
    : "lists of numbers by name, such as { x: [0, 1], y: [0, 0] }";

/**
 * A domain given by points, such as the nodes of a mesh. Points are drawn from those that are given, without repetition. It contains those inside; of others
 * the normal of the nearest point of the boundary decides. It has no {@link Shape.distance}.
 *
 * @throws if lists have different lengths, a coordinate has no normal, a normal is not of length 1, or a number is not finite
 * @example
 * ```ts
 * import { pointCloud } from "@hooke/pinn";
 *
 * const rod = pointCloud({
 *   inside: { x: [0.25, 0.75], measure: [0.5, 0.5] },
 *   boundary: { x: [0, 1], "normal.x": [-1, 1] },
 * });
 * console.log(rod.measure, rod.contains([0.9]), rod.contains([1.1])); // 1 true false
 * ```
 */
export function pointCloud(options: PointCloudOptions): Domain {
  checkOptions<PointCloudOptions>("pointCloud", options, { required: { inside: listsCheck, boundary: listsCheck } });
  const coordinates = Object.freeze(Object.keys(options.inside).filter((name) => name !== "measure"));
  if (coordinates.length === 0) fail("pointCloud", "received no coordinates inside; give lists such as x and y.");
  const inside = setOf("inside", options.inside, coordinates, []);
  const boundary = setOf("boundary", options.boundary, coordinates, normalNames(coordinates));
  checkNormals(boundary, coordinates);
  const size = coordinates.length;
  const all = [inside.rows, boundary.rows];
  const bounds = Object.fromEntries(
    coordinates.map((name, axis): [string, Interval] => {
      const values = all.flatMap((rows) => [...rows].filter((_, i) => i % size === axis));
      const range = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))] as const;
      if (range[0] === range[1])
        fail("pointCloud", `received the same "${name}" everywhere; leave that coordinate out.`);
      return [name, Object.freeze(range)];
    }),
  );
  const draw = (method: string, set: PointSet, count: number, given: DrawOptions = {}): Points => {
    const who = `pointCloud.${method}`;
    checkDraw(who, count, given);
    if (given.sampler !== undefined) fail(who, "received a sampler; its points are given, and drawn from as they are.");
    return pointsFrom(who, setWhere(who, set, coordinates, given), coordinates, count);
  };
  const rowOf = (rows: ArrayLike<number>, i: number): string =>
    Array.from({ length: size }, (_, axis) => rows[i * size + axis]).join();
  const own = new Set(Array.from({ length: inside.rows.length / size }, (_, i) => rowOf(inside.rows, i)));
  return Object.freeze({
    coordinates,
    bounds: Object.freeze(bounds),
    measure: measureOfSet(inside),
    contains: (point) => {
      if (own.has(rowOf(point, 0))) return true;
      const { rows, columns } = boundary;
      let [nearest, side] = [Number.POSITIVE_INFINITY, 0];
      for (let i = 0; i < rows.length / size; i++) {
        let [distance, along] = [0, 0];
        for (const [axis, name] of coordinates.entries()) {
          const step = point[axis]! - rows[i * size + axis]!;
          distance += step * step;
          along += step * columns[`normal.${name}`]![i]!;
        }
        if (distance < nearest) [nearest, side] = [distance, along];
      }
      return side <= 0;
    },
    interior: (count, given) => draw("interior", inside, count, given),
    boundary: (count, given) => draw("boundary", boundary, count, given),
  } satisfies Domain);
}

/** Those of given points that are asked for. */
function setWhere(who: string, set: PointSet, coordinates: readonly string[], { where }: DrawOptions): PointSet {
  if (where === undefined) return set;
  const size = coordinates.length;
  const test = testOf(coordinates, where);
  const normals = normalNames(coordinates).flatMap((name) => set.columns[name] ?? []);
  const indices = Array.from({ length: set.rows.length / size }, (_, i) => i).filter((i) =>
    test(
      set.rows.subarray(i * size, (i + 1) * size),
      Float64Array.from(normals, (column) => column[i]!),
    ),
  );
  if (indices.length === 0) fail(who, "received a where that is true of no point there.");
  return taken(set, indices, size);
}

/** The measures of points together; not a number where they are not known. */
const measureOfSet = ({ columns }: PointSet): number =>
  columns.measure === undefined ? Number.NaN : columns.measure.reduce((total, value) => total + value, 0);

/** Some of given points, without repetition, drawn by key; all of them where as many are asked for. */
function pointsFrom(who: string, set: PointSet, coordinates: readonly string[], count: number): Points {
  const available = set.rows.length / coordinates.length;
  if (count > available) fail(who, `was asked for ${count} points; it has ${available}.`);
  const { measure, ...columns } = set.columns;
  const whole: PointSet = {
    rows: set.rows,
    // A part of the points stands for all.
    columns:
      measure === undefined ? columns : { ...columns, quadrature: measure.map((own) => (own * available) / count) },
  };
  return Object.freeze({
    coordinates,
    count,
    measure: measureOfSet(set),
    columns: Object.keys(whole.columns),
    random: count < available,
    draw: (key: HostArray) => {
      if (count === available) return whole;
      const order = permutation(foldHost(key, "points"), available);
      return taken(whole, order.slice(0, count).sort(), coordinates.length);
    },
  } satisfies Points);
}

/** Lists as points: the names that have to be there, and `measure` if it is. */
function setOf(what: string, lists: Lists, coordinates: readonly string[], columns: readonly string[]): PointSet {
  const who = `pointCloud: ${what}`;
  const names = [...coordinates, ...columns];
  for (const name of Object.keys(lists)) {
    if (!names.includes(name) && name !== "measure")
      fail(who, `received "${name}"; it has ${quoted([...names, "measure"])}.`);
  }
  for (const name of names) if (lists[name] === undefined) fail(who, `received no "${name}"; it has ${quoted(names)}.`);
  const count = lists[coordinates[0]!]!.length;
  for (const [name, list] of Object.entries(lists)) {
    checkArgument(who, `the length of "${name}"`, list.length, (length) =>
      length === count ? undefined : `${count}, as of "${coordinates[0]}"`,
    );
    const wrong = Array.from(list).findIndex((value) => !Number.isFinite(value) || (name === "measure" && value <= 0));
    if (wrong >= 0) {
      fail(
        who,
        `received ${list[wrong]} at ${wrong} of "${name}"; expected finite numbers${name === "measure" ? " above 0" : ""}.`,
      );
    }
  }
  const kept = lists.measure === undefined ? columns : [...columns, "measure"];
  return {
    rows: Float64Array.from({ length: count * coordinates.length }, (_, i) => {
      return lists[coordinates[i % coordinates.length]!]![Math.floor(i / coordinates.length)]!;
    }),
    columns: Object.fromEntries(kept.map((name) => [name, Float64Array.from(lists[name]!)])),
  };
}

function checkNormals({ columns }: PointSet, coordinates: readonly string[]): void {
  const normals = normalNames(coordinates).map((name) => columns[name]!);
  const wrong = normals[0]!.findIndex((_, i) => Math.abs(Math.hypot(...normals.map((each) => each[i]!)) - 1) > 1e-6);
  if (wrong < 0) return;
  const length = Math.hypot(...normals.map((each) => each[wrong]!));
  fail("pointCloud: boundary", `received a normal of length ${length} at ${wrong}; normals have length 1.`);
}
