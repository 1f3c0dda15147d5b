// Shapes elsewhere: translated, rotated.
import {
  add,
  type Check,
  checkArgument,
  checkOptions,
  checks,
  fail,
  mul,
  nothingMore,
  quoted,
  type Tensor,
} from "@hooke/runtime";
import type { Part } from "../points/part.ts";
import { time } from "./domain.ts";
import { normalNames, type Shape, shapeCheck, shapeOf } from "./shape.ts";

const byCoordinate: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.values(value).every(Number.isFinite)
    ? undefined
    : "numbers by coordinate, such as { x: 1 }";

/**
 * A shape moved by a distance along coordinates.
 *
 * @param by in the user's units; 0 along those that are not named
 * @throws on a coordinate that the shape has not
 */
export function translate(shape: Shape, by: Readonly<Record<string, number>>, ...more: []): Shape {
  nothingMore("translate", more);
  checkArgument("translate", "the shape", shape, shapeCheck);
  checkArgument("translate", "the distances", by, byCoordinate);
  checkNames("translate", shape, Object.keys(by));
  const { coordinates } = shape;
  return moved(
    "translate",
    shape,
    identity(coordinates.length),
    coordinates.map((name) => by[name] ?? 0),
  );
}

/** Options of {@link rotate}. */
export interface RotateOptions {
  /** In radians, from the first coordinate of the plane towards the second. */
  readonly angle: number;
  /** The point that stays where it is, by coordinate; 0 along those that are not named. Default the origin. */
  readonly about?: Readonly<Record<string, number>>;
  /** The two coordinates that change. Default the first two. */
  readonly plane?: readonly [string, string];
}

const planeCheck: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value[0] !== value[1]
    ? undefined
    : 'two coordinates, such as ["x", "y"]';

/**
 * A shape turned in a plane.
 *
 * @throws on a coordinate that the shape has not, or a plane with time
 * @example
 * ```ts
 * import { box, rotate } from "@hooke/pinn";
 *
 * const diamond = rotate(box({ x: [-1, 1], y: [-1, 1] }), { angle: Math.PI / 4 });
 * console.log(diamond.contains([1.4, 0]), diamond.contains([1, 1])); // true false
 * ```
 */
export function rotate(shape: Shape, options: RotateOptions): Shape {
  checkArgument("rotate", "the shape", shape, shapeCheck);
  checkOptions<RotateOptions>("rotate", options, {
    required: { angle: checks.finite },
    optional: { about: byCoordinate, plane: planeCheck },
  });
  const { coordinates } = shape;
  const { angle, about = {}, plane = coordinates.slice(0, 2) } = options;
  if (coordinates.length < 2) fail("rotate", "received a shape of one coordinate; there is no plane to turn it in.");
  checkNames("rotate", shape, [...Object.keys(about), ...plane]);
  if (plane.includes(time)) fail("rotate", "received a plane with time; a shape turns in space.");
  const [i, j] = plane.map((name) => coordinates.indexOf(name)) as [number, number];
  const turn = identity(coordinates.length);
  [turn[i]![i], turn[i]![j], turn[j]![i], turn[j]![j]] = [
    Math.cos(angle),
    -Math.sin(angle),
    Math.sin(angle),
    Math.cos(angle),
  ];
  const fixed = coordinates.map((name) => about[name] ?? 0);
  const image = times(turn, fixed);
  return moved(
    "rotate",
    shape,
    turn,
    fixed.map((value, axis) => value - image[axis]!),
  );
}

function checkNames(who: string, { coordinates }: Shape, names: readonly string[]): void {
  const wrong = names.find((name) => !coordinates.includes(name));
  if (wrong === undefined) return;
  fail(who, `received the coordinate ${quoted([wrong])}; the shape has ${quoted(coordinates)}.`, "mismatch");
}

type Matrix = readonly number[][];

const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));

const times = (matrix: Matrix, vector: ArrayLike<number>): number[] =>
  matrix.map((row) => row.reduce((sum, value, j) => (value === 0 ? sum : sum + value * vector[j]!), 0));

/** The image of a shape under `x -> turn x + shift`, for an orthogonal `turn`. */
function moved(who: string, shape: Shape, turn: Matrix, shift: readonly number[]): Shape {
  const { coordinates } = shape;
  const inverse = turn.map((_, i) => turn.map((row) => row[i]!));
  const back = (point: ArrayLike<number>): number[] =>
    times(
      inverse,
      shift.map((value, axis) => point[axis]! - value),
    );
  const names = normalNames(coordinates);
  const movedPart = (part: Part): Part => ({
    ...part,
    place: (unit, count) => {
      const { rows, columns } = part.place(unit, count);
      const size = coordinates.length;
      const out = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i += size) {
        for (const [axis, value] of times(turn, rows.subarray(i, i + size)).entries())
          out[i + axis] = value + shift[axis]!;
      }
      if (part.columns.length === 0) return { rows: out, columns };
      const normals = names.map(() => new Float64Array(count));
      for (let i = 0; i < count; i++) {
        const normal = times(
          turn,
          names.map((name) => columns[name]![i]!),
        );
        for (const [axis, value] of normal.entries()) normals[axis]![i] = value;
      }
      return { rows: out, columns: Object.fromEntries(names.map((name, axis) => [name, normals[axis]!])) };
    },
    ...(part.kept && {
      kept: {
        ...part.kept,
        test: (point, normal) =>
          part.kept!.test(
            Float64Array.from(back(point)),
            normal.length === 0 ? normal : Float64Array.from(times(inverse, normal)),
          ),
      },
    }),
  });
  /** Where a point was before, while recording. */
  const before = (at: Readonly<Record<string, Tensor>>): Record<string, Tensor> =>
    Object.fromEntries(
      coordinates.map((name, i) => {
        const offset = -times(inverse, shift)[i]!;
        const parts = inverse[i]!.flatMap((value, j) => {
          const coordinate = at[coordinates[j]!]!;
          return value === 0 ? [] : [value === 1 ? coordinate : mul(coordinate, value)];
        });
        return [
          name,
          add(
            parts.reduce((a, b) => add(a, b)),
            offset,
          ),
        ];
      }),
    );
  return shapeOf(who, {
    coordinates,
    measure: shape.measure,
    inside: shape.inside.map(movedPart),
    skin: shape.skin.map(movedPart),
    walls: shape.walls.map((wall) => (at) => wall(before(at))),
    depth: (point) => shape.depth(back(point)),
    reach: (direction) =>
      shape.reach(times(inverse, direction)) + shift.reduce((sum, value, axis) => sum + value * direction[axis]!, 0),
  });
}
