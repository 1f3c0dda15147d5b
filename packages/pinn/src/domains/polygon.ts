// Polygons without holes; a hole is a difference.
import { type Check, checkOptions, fail } from "@hooke/runtime";
import type { Part } from "../points/part.ts";
import { wallsOf } from "./half-planes.ts";
import { normalNames, type Shape, shapeOf } from "./shape.ts";
import { areaOf, type Corner, cross, triangles } from "./triangles.ts";

/** Options of {@link polygon}. */
export interface PolygonOptions {
  /** Corners in order, either way around. The last is joined to the first. */
  readonly corners: readonly Corner[];
  /** Default `["x", "y"]`. */
  readonly coordinates?: readonly [string, string];
}

const cornersCheck: Check = (value) =>
  Array.isArray(value) &&
  value.length >= 3 &&
  value.every((corner) => Array.isArray(corner) && corner.length === 2 && corner.every(Number.isFinite))
    ? undefined
    : "three corners or more, such as [[0, 0], [1, 0], [0, 1]]";

const coordinatesCheck: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every((name) => typeof name === "string") && value[0] !== value[1]
    ? undefined
    : 'two names, such as ["x", "y"]';

/**
 * A polygon; cut holes by {@link difference}.
 *
 * @throws if there are fewer than three corners, sides that cross or touch, or no area
 * @example
 * ```ts
 * import { polygon } from "@hooke/pinn";
 *
 * const bracket = polygon({ corners: [[0, 0], [2, 0], [2, 1], [1, 1], [1, 2], [0, 2]] });
 * console.log(bracket.measure, bracket.contains([1.5, 1.5])); // 3 false
 * ```
 */
export function polygon(options: PolygonOptions): Shape {
  checkOptions<PolygonOptions>("polygon", options, {
    required: { corners: cornersCheck },
    optional: { coordinates: coordinatesCheck },
  });
  const { coordinates = ["x", "y"] } = options;
  const area = areaOf(options.corners);
  checkSimple(options.corners);
  const corners = area > 0 ? options.corners : [...options.corners].reverse();
  const sides = corners.map((from, i) => {
    const to = corners[(i + 1) % corners.length]!;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    return { from, to, length, normal: [(to[1] - from[1]) / length, (from[0] - to[0]) / length] as const };
  });
  return shapeOf("polygon", {
    coordinates,
    inside: [filled(coordinates, corners, Math.abs(area))],
    skin: [outline(coordinates, sides)],
    walls: wallsOf(corners, coordinates),
    depth: (point) => {
      let nearest = Number.POSITIVE_INFINITY;
      let crossings = 0;
      const [x, y] = [point[0]!, point[1]!];
      for (const { from, to, length } of sides) {
        const along = ((x - from[0]) * (to[0] - from[0]) + (y - from[1]) * (to[1] - from[1])) / length ** 2;
        const part = Math.min(Math.max(along, 0), 1);
        nearest = Math.min(
          nearest,
          Math.hypot(x - from[0] - part * (to[0] - from[0]), y - from[1] - part * (to[1] - from[1])),
        );
        if (from[1] > y !== to[1] > y && x < from[0] + ((y - from[1]) / (to[1] - from[1])) * (to[0] - from[0])) {
          crossings++;
        }
      }
      return crossings % 2 === 1 ? nearest : -nearest;
    },
    reach: ([a, b]) => Math.max(...corners.map(([x, y]) => a! * x + b! * y)),
  });
}

interface Side {
  readonly from: Corner;
  readonly to: Corner;
  readonly length: number;
  readonly normal: readonly [number, number];
}

/** Its inside: a triangle by its share of the area, and a point of it. */
function filled(coordinates: readonly string[], corners: readonly Corner[], area: number): Part {
  const parts = triangles(corners);
  const pick = picker(parts.map((triangle) => areaOf(triangle)));
  return {
    coordinates,
    measure: area,
    columns: [],
    dimensions: 2,
    place: (unit, count) => {
      const rows = new Float64Array(2 * count);
      for (let i = 0; i < count; i++) {
        const [index, rest] = pick(unit[2 * i]!);
        const [a, b, c] = parts[index]! as [Corner, Corner, Corner];
        const [far, side] = [Math.sqrt(rest), unit[2 * i + 1]!];
        for (const axis of [0, 1] as const) {
          rows[2 * i + axis] = (1 - far) * a[axis] + far * ((1 - side) * b[axis] + side * c[axis]);
        }
      }
      return { rows, columns: {} };
    },
  };
}

/** Its boundary, by arc length. */
function outline(coordinates: readonly string[], sides: readonly Side[]): Part {
  const pick = picker(sides.map(({ length }) => length));
  const names = normalNames(coordinates);
  return {
    coordinates,
    measure: sides.reduce((total, { length }) => total + length, 0),
    columns: names,
    dimensions: 1,
    place: (unit, count) => {
      const rows = new Float64Array(2 * count);
      const normals = names.map(() => new Float64Array(count));
      for (let i = 0; i < count; i++) {
        const [index, rest] = pick(unit[i]!);
        const { from, to, normal } = sides[index]!;
        for (const axis of [0, 1] as const) {
          rows[2 * i + axis] = from[axis] + rest * (to[axis] - from[axis]);
          normals[axis]![i] = normal[axis];
        }
      }
      return { rows, columns: Object.fromEntries(names.map((name, axis) => [name, normals[axis]!])) };
    },
  };
}

/** Of a number of the unit interval: which of several weights it falls on, and where on it, from 0 to 1. */
function picker(weights: readonly number[]): (unit: number) => readonly [index: number, rest: number] {
  const ends = new Float64Array(weights.length);
  let total = 0;
  for (const [i, weight] of weights.entries()) ends[i] = total += weight;
  return (unit) => {
    const at = unit * total;
    let [low, high] = [0, weights.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return [low, Math.min(Math.max((at - ends[low]! + weights[low]!) / weights[low]!, 0), 1)];
  };
}

/** Refuses corners whose sides meet where they should not. */
function checkSimple(corners: readonly Corner[]): void {
  const count = corners.length;
  const side = (i: number): readonly [Corner, Corner] => [corners[i]!, corners[(i + 1) % count]!];
  for (let i = 0; i < count; i++) {
    const [a, b] = side(i);
    if (a[0] === b[0] && a[1] === b[1])
      fail("polygon", `received the corner [${a.join(", ")}] twice in a row; give it once.`);
  }
  for (let i = 0; i < count; i++) {
    const [a, b] = side(i);
    const next = side((i + 1) % count)[1];
    if (cross(a, b, next) === 0 && (next[0] - b[0]) * (b[0] - a[0]) + (next[1] - b[1]) * (b[1] - a[1]) < 0) {
      fail("polygon", `received sides that lie on each other at [${b.join(", ")}]; leave that corner out.`);
    }
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      const [c, d] = side(j);
      if (!meet(a, b, c, d)) continue;
      fail(
        "polygon",
        `received sides that meet: from [${a.join(", ")}] to [${b.join(", ")}] and from [${c.join(", ")}] to [${d.join(", ")}]. Give the corners in order.`,
      );
    }
  }
}

function meet(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const [abc, abd, cda, cdb] = [cross(a, b, c), cross(a, b, d), cross(c, d, a), cross(c, d, b)];
  if (abc === 0 && abd === 0) {
    const axis = a[0] === b[0] ? 1 : 0;
    return (
      Math.max(Math.min(a[axis], b[axis]), Math.min(c[axis], d[axis])) <=
      Math.min(Math.max(a[axis], b[axis]), Math.max(c[axis], d[axis]))
    );
  }
  return abc * abd <= 0 && cda * cdb <= 0;
}
