// Shapes: domains with a distance, of which others can be made.
import type { Check } from "@hooke/runtime";
import { checkDraw, type DrawOptions, pointsOfAll } from "../points/draw.ts";
import type { Part } from "../points/part.ts";
import type { Points } from "../points/points.ts";
import type { Domain, Interval } from "./domain.ts";
import { both, opposite, type Wall } from "./walls.ts";

/** A domain with a distance: {@link union}, {@link difference}, {@link translate} and their like make others of it. */
export interface Shape extends Domain {
  /** What its inside is made of. */
  readonly inside: readonly Part[];
  /** What its boundary is made of, with outward normals. */
  readonly skin: readonly Part[];
  /** The shape is where none of these is negative: an exact condition on its whole boundary is `exactDirichlet(shape.walls, 0)`. */
  readonly walls: readonly Wall[];
  /**
   * A smooth approximate distance to the boundary, from coordinates of `[n]` each: positive inside, zero on the boundary, negative outside, and near the
   * boundary the distance to first order. It has derivatives of every order inside; at edges and corners of the boundary it has none.
   */
  readonly distance: Wall;
  /** The same from the other side: the wall of a hole is zero on its boundary, and positive around it. */
  readonly outside: Wall;
  /** How far a point is from the boundary, negative outside; of shapes that are combined at least so far. */
  depth(point: ArrayLike<number>): number;
  /** The largest scalar product of a direction and a point of it; of a difference or an intersection at most that. */
  reach(direction: readonly number[]): number;
}

/** Expects a shape. */
export const shapeCheck: Check = (value) => {
  const { depth, inside } = (value ?? {}) as Partial<Shape>;
  return typeof depth === "function" && Array.isArray(inside)
    ? undefined
    : "a shape, such as disk({ center: { x: 0, y: 0 }, radius: 1 })";
};

/** Makes a shape of what distinguishes it. */
export function shapeOf(
  who: string,
  parts: Pick<Shape, "coordinates" | "inside" | "skin" | "walls" | "depth" | "reach"> & { readonly measure?: number },
): Shape {
  const { coordinates, inside, skin, walls, depth, reach } = parts;
  const along = (axis: number, sign: number): number =>
    sign * reach(coordinates.map((_, i) => (i === axis ? sign : 0))) + 0;
  const bounds = Object.fromEntries(
    coordinates.map((name, axis): [string, Interval] => [
      name,
      Object.freeze([along(axis, -1), along(axis, 1)] as const),
    ]),
  );
  const slack =
    1e-12 * Math.hypot(...Object.values(bounds).map(([low, high]) => Math.max(high - low, Math.abs(high + low))));
  const draw = (method: string, from: readonly Part[], count: number, options: DrawOptions = {}): Points => {
    checkDraw(`${who}.${method}`, count, options);
    return pointsOfAll(`${who}.${method}`, from, count, options);
  };
  const distance: Wall = (at) => walls.reduce(both)(at);
  return Object.freeze({
    coordinates: Object.freeze([...coordinates]),
    bounds: Object.freeze(bounds),
    measure: parts.measure ?? measureOf(inside),
    inside: Object.freeze([...inside]),
    skin: Object.freeze([...skin]),
    walls: Object.freeze([...walls]),
    distance,
    outside: opposite(distance),
    depth,
    reach,
    contains: (point: ArrayLike<number>) => depth(point) >= -slack,
    interior: (count: number, options?: DrawOptions) => draw("interior", inside, count, options),
    boundary: (count: number, options?: DrawOptions) => draw("boundary", skin, count, options),
  } satisfies Shape);
}

/** The measure of parts together. */
export const measureOf = (parts: readonly Part[]): number => parts.reduce((total, { measure }) => total + measure, 0);

/** The size of a shape: the diagonal of its box. */
export const sizeOf = ({ bounds }: Domain): number =>
  Math.hypot(...Object.values(bounds).map(([low, high]) => high - low));

/** Names of the columns of normals. */
export const normalNames = (coordinates: readonly string[]): string[] => coordinates.map((name) => `normal.${name}`);
