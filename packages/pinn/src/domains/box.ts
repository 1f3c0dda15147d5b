// Boxes: intervals of any number of coordinates.
import { type Check, checkArgument, fail, nothingMore, quoted, suggestion } from "@hooke/runtime";
import { checkDraw, type DrawOptions, pointsOfAll } from "../points/draw.ts";
import type { Part } from "../points/part.ts";
import type { Points } from "../points/points.ts";
import type { Interval } from "./domain.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { beyond, type Wall } from "./walls.ts";

/** An end of a coordinate's range. */
export type Side = "low" | "high";

/** A box: its faces have names, `("x", "low")`. */
export interface Box extends Shape {
  /**
   * Points on the face where a coordinate is lowest or highest: an initial condition is `face("t", "low", 100)`.
   *
   * @param count default 1 for an interval, whose faces are single points
   */
  face(coordinate: string, side: Side, count?: number, options?: DrawOptions): Points;
  /** Points on both faces of a coordinate, or of several. `count` is that of all together; default 2 for an interval. */
  faces(coordinates: string | readonly string[], count?: number, options?: DrawOptions): Points;
  /** The distance from the plane of a face, positive inside: `exactDirichlet([domain.wall("t", "low")], ...)` is an exact initial condition. */
  wall(coordinate: string, side: Side): Wall;
}

const intervalCheck: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
    ? undefined
    : "two numbers in order, such as [0, 1]";

const boundsCheck: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    ? undefined
    : "a record of intervals, such as { x: [0, 1], t: [0, 2] }";

/**
 * A box: an interval for each coordinate, in the order they are named.
 *
 * @param bounds `{ x: [low, high], ... }` in the user's units
 * @throws if an interval is not two finite numbers in order
 * @example
 * ```ts
 * import { box } from "@hooke/pinn";
 *
 * const domain = box({ x: [-1, 1], t: [0, 2] });
 * console.log(domain.coordinates, domain.measure); // [ 'x', 't' ] 4
 * ```
 */
export function box(bounds: Readonly<Record<string, Interval>>, ...more: []): Box {
  nothingMore("box", more);
  return boxFor("box", bounds);
}

/**
 * An interval: a {@link box} of one coordinate, whose faces are points.
 *
 * @throws if there is more than one coordinate
 */
export function interval(bounds: Readonly<Record<string, Interval>>, ...more: []): Box {
  nothingMore("interval", more);
  checkArgument("interval", "the bounds", bounds, boundsCheck);
  const names = Object.keys(bounds);
  if (names.length !== 1)
    fail("interval", `received the coordinates ${quoted(names)}; it takes one. Use box({ ... }).`);
  return boxFor("interval", bounds);
}

function boxFor(who: string, given: Readonly<Record<string, Interval>>): Box {
  checkArgument(who, "the bounds", given, boundsCheck);
  for (const [name, range] of Object.entries(given))
    checkArgument(who, `the interval of "${name}"`, range, intervalCheck);
  const bounds = Object.freeze(
    Object.fromEntries(Object.entries(given).map(([name, [low, high]]) => [name, Object.freeze([low, high] as const)])),
  );
  const coordinates = Object.freeze(Object.keys(bounds));
  const ranges = Object.values(bounds);
  const whole: Part = {
    coordinates,
    measure: ranges.reduce((product, [low, high]) => product * (high - low), 1),
    columns: [],
    dimensions: coordinates.length,
    place: (unit, count) => {
      const rows = new Float64Array(count * ranges.length);
      for (let i = 0; i < rows.length; i++) {
        const [low, high] = ranges[i % ranges.length]!;
        rows[i] = low + (high - low) * unit[i]!;
      }
      return { rows, columns: {} };
    },
  };
  const facesOf = (axis: number): Part[] => [
    faceOf(coordinates, ranges, axis, 0),
    faceOf(coordinates, ranges, axis, 1),
  ];
  const axisOf = (name: string): number => {
    const axis = coordinates.indexOf(name);
    if (axis < 0) {
      fail(
        who,
        `has no coordinate ${JSON.stringify(name)}; it has ${quoted(coordinates)}.${suggestion(String(name), coordinates)}`,
      );
    }
    return axis;
  };
  const needed = (method: string, count: number | undefined, faces: number): number => {
    if (count !== undefined) return count;
    return coordinates.length === 1 ? faces : fail(`${who}.${method}`, "received no number of points; give one.");
  };
  const walls = ranges.flatMap(([low, high], axis) => [
    beyond(coordinates[axis]!, low, 1),
    beyond(coordinates[axis]!, high, -1),
  ]);
  const placeOf = (method: string, coordinate: string, side: Side): readonly [axis: number, end: 0 | 1] => {
    const axis = axisOf(coordinate);
    if (side !== "low" && side !== "high") {
      fail(`${who}.${method}`, `received the side ${JSON.stringify(side)}; it is "low" or "high".`);
    }
    return [axis, side === "low" ? 0 : 1];
  };
  const shape = shapeOf(who, {
    coordinates,
    inside: [whole],
    skin: coordinates.flatMap((_, axis) => facesOf(axis)),
    walls,
    depth: (point) => {
      let beyond = Number.NEGATIVE_INFINITY;
      for (const [axis, [low, high]] of ranges.entries())
        beyond = Math.max(beyond, low - point[axis]!, point[axis]! - high);
      if (beyond <= 0) return -beyond;
      return -Math.hypot(...ranges.map(([low, high], axis) => Math.max(low - point[axis]!, point[axis]! - high, 0)));
    },
    reach: (direction) =>
      ranges.reduce((sum, [low, high], axis) => sum + Math.max(direction[axis]! * low, direction[axis]! * high), 0),
  });
  return Object.freeze({
    ...shape,
    bounds,
    face: (coordinate, side, count, options = {}) => {
      const [axis, end] = placeOf("face", coordinate, side);
      const total = needed("face", count, 1);
      checkDraw(`${who}.face`, total, options);
      return pointsOfAll(`${who}.face`, [facesOf(axis)[end]!], total, options);
    },
    faces: (names, count, options = {}) => {
      const axes = (Array.isArray(names) ? names : [names]).map(axisOf);
      if (axes.length === 0) fail(`${who}.faces`, "received no coordinates; name at least one.");
      const total = needed("faces", count, 2 * axes.length);
      checkDraw(`${who}.faces`, total, options);
      return pointsOfAll(`${who}.faces`, axes.flatMap(facesOf), total, options);
    },
    wall: (coordinate, side) => {
      const [axis, end] = placeOf("wall", coordinate, side);
      return walls[2 * axis + end]!;
    },
  } satisfies Box);
}

/** The face of a box where a coordinate has its lowest, 0, or its highest value, 1. */
function faceOf(coordinates: readonly string[], ranges: readonly Interval[], axis: number, side: 0 | 1): Part {
  const others = ranges.filter((_, i) => i !== axis);
  return {
    coordinates,
    measure: others.reduce((product, [low, high]) => product * (high - low), 1),
    columns: coordinates.map((name) => `normal.${name}`),
    dimensions: others.length,
    place: (unit, count) => {
      const rows = new Float64Array(count * ranges.length);
      let next = 0;
      for (let i = 0; i < rows.length; i++) {
        const [low, high] = ranges[i % ranges.length]!;
        rows[i] = i % ranges.length === axis ? ranges[axis]![side] : low + (high - low) * unit[next++]!;
      }
      const normals = coordinates.map(
        (name, i) => [`normal.${name}`, new Float64Array(count).fill(i === axis ? 2 * side - 1 : 0)] as const,
      );
      return { rows, columns: Object.fromEntries(normals) };
    },
  };
}
