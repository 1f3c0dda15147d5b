// Shapes in time.
import { type Check, checkArgument, fail } from "@hooke/runtime";
import { checkDraw, type DrawOptions, pointsOfAll } from "../points/draw.ts";
import type { Part } from "../points/part.ts";
import type { Points } from "../points/points.ts";
import { type Interval, time } from "./domain.ts";
import { normalNames, type Shape, shapeCheck, shapeOf } from "./shape.ts";
import { beyond } from "./walls.ts";

/** A shape over an interval of time: its coordinates are those of the shape, and `t`. Its {@link Shape.boundary} has start and end in it. */
export interface SpaceTime extends Shape {
  /** The shape in space. Its {@link Shape.walls} are those of the lateral boundary: `exactDirichlet(domain.space.walls, 0)`. */
  readonly space: Shape;
  /** Points of the shape at the first instant. */
  start(count: number, options?: DrawOptions): Points;
  /** Points of the shape at the last instant. */
  end(count: number, options?: DrawOptions): Points;
  /** Points of the shape's boundary at all times; their normals are those in space, `normal.t` is 0. */
  lateral(count: number, options?: DrawOptions): Points;
}

const intervalCheck: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
    ? undefined
    : "two numbers in order, such as [0, 1]";

/**
 * A shape over an interval of time.
 *
 * @throws if the shape has the coordinate `t` already
 * @example
 * ```ts
 * import { disk, withTime } from "@hooke/pinn";
 *
 * const domain = withTime(disk({ center: { x: 0, y: 0 }, radius: 1 }), [0, 2]);
 * console.log(domain.coordinates, domain.lateral(100).columns); // [ 'x', 'y', 't' ] [ 'normal.x', 'normal.y', 'normal.t' ]
 * ```
 */
export function withTime(shape: Shape, interval: Interval): SpaceTime {
  checkArgument("withTime", "the shape", shape, shapeCheck);
  checkArgument("withTime", "the interval", interval, intervalCheck);
  if (shape.coordinates.includes(time))
    fail("withTime", 'received a shape with the coordinate "t"; give one in space.');
  const [from, until] = interval;
  const coordinates = [...shape.coordinates, time];
  const length = until - from;
  const instant = (at: number, sign: number): Part[] =>
    shape.inside.map((part) => atInstant(part, coordinates, at, sign));
  const [start, end] = [instant(from, -1), instant(until, 1)];
  const lateral = shape.skin.map((part) => during(part, coordinates, from, length));
  const whole = shapeOf("withTime", {
    coordinates,
    measure: shape.measure * length,
    inside: shape.inside.map((part) => during(part, coordinates, from, length)),
    skin: [...lateral, ...start, ...end],
    walls: [...shape.walls, beyond(time, from, 1), beyond(time, until, -1)],
    depth: (point) => {
      const t = point[coordinates.length - 1]!;
      return Math.min(shape.depth(point), t - from, until - t);
    },
    reach: (direction) => {
      const rate = direction.at(-1)!;
      return shape.reach(direction.slice(0, -1)) + Math.max(rate * from, rate * until);
    },
  });
  const draw = (method: string, parts: readonly Part[], count: number, options: DrawOptions = {}): Points => {
    checkDraw(`withTime.${method}`, count, options);
    return pointsOfAll(`withTime.${method}`, parts, count, options);
  };
  return Object.freeze({
    ...whole,
    space: shape,
    start: (count, options) => draw("start", start, count, options),
    end: (count, options) => draw("end", end, count, options),
    lateral: (count, options) => draw("lateral", lateral, count, options),
  } satisfies SpaceTime);
}

/** A part of a shape over an interval of time: the last number of the unit cube is the instant. */
function during(part: Part, coordinates: readonly string[], from: number, length: number): Part {
  const own = part.dimensions;
  const size = coordinates.length;
  return {
    ...inTime(part, coordinates),
    measure: part.measure * length,
    columns: part.columns.length === 0 ? [] : normalNames(coordinates),
    dimensions: own + 1,
    place: (unit, count) => {
      const inner = new Float64Array(count * own);
      for (let i = 0; i < count; i++) inner.set(unit.subarray(i * (own + 1), i * (own + 1) + own), i * own);
      const { rows, columns } = part.place(inner, count);
      const out = widened(rows, count, size, (i) => from + length * unit[i * (own + 1) + own]!);
      return {
        rows: out,
        columns: part.columns.length === 0 ? {} : { ...columns, [`normal.${time}`]: new Float64Array(count) },
      };
    },
  };
}

/** The inside of a shape at an instant, as a part of the boundary. */
function atInstant(part: Part, coordinates: readonly string[], at: number, sign: number): Part {
  return {
    ...inTime(part, coordinates),
    measure: part.measure,
    columns: normalNames(coordinates),
    dimensions: part.dimensions,
    place: (unit, count) => ({
      rows: widened(part.place(unit, count).rows, count, coordinates.length, () => at),
      columns: Object.fromEntries(
        normalNames(coordinates).map((name, axis) => [
          name,
          new Float64Array(count).fill(axis === coordinates.length - 1 ? sign : 0),
        ]),
      ),
    }),
  };
}

/** What a part in time has of the one in space: its tests do not see time. */
function inTime({ kept, columns }: Part, coordinates: readonly string[]): Pick<Part, "coordinates" | "kept"> {
  const space = coordinates.length - 1;
  return {
    coordinates,
    ...(kept && {
      kept: {
        ...kept,
        test: (point, normal) =>
          kept.test(point.subarray(0, space), normal.subarray(0, columns.length === 0 ? 0 : space)),
      },
    }),
  };
}

/** Rows with a last coordinate more. */
function widened(rows: Float64Array, count: number, size: number, last: (row: number) => number): Float64Array {
  const out = new Float64Array(count * size);
  for (let i = 0; i < count; i++) {
    out.set(rows.subarray(i * (size - 1), (i + 1) * (size - 1)), i * size);
    out[i * size + size - 1] = last(i);
  }
  return out;
}
