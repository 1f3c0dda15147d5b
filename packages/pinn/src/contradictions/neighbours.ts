// Neighbours on boundaries: which points of one set lie on the same part as those of another, and where two parts meet.
import type { Domain } from "../domains/domain.ts";
import { normalNames } from "../domains/shape.ts";
import type { PointSet } from "../points/points.ts";

/** How far from a point its neighbours are, in parts of the mean distance of as many points in a unit square. */
const near = 3;

/** Lengths that differ by less, in parts of the domain's, are the same. */
const same = 1e-9;

/** Boundaries turn by less than this between neighbours: the cosine. */
const turn = 0.9;

/** Points of a boundary and their normals, one after the other, and the points in parts of the lengths of the domain. */
interface Boundary {
  readonly count: number;
  readonly dimensions: number;
  readonly rows: Float64Array;
  readonly relative: Float64Array;
  readonly normals: Float64Array;
}

function boundaryOf({ coordinates, bounds }: Domain, { rows, columns }: PointSet): Boundary {
  const dimensions = coordinates.length;
  const lengths = coordinates.map((name) => bounds[name]![1] - bounds[name]![0]);
  const names = normalNames(coordinates);
  return {
    count: rows.length / dimensions,
    dimensions,
    rows,
    relative: rows.map((value, i) => value / lengths[i % dimensions]!),
    normals: rows.map((_, i) => columns[names[i % dimensions]!]?.[Math.floor(i / dimensions)] ?? 0),
  };
}

/** How far neighbours are from each other among the points, in parts of the lengths of the domain. */
const reach = ({ count, dimensions }: Boundary): number =>
  dimensions === 1 ? same : near * count ** (-1 / (dimensions - 1));

function distance(a: Boundary, i: number, b: Boundary, j: number): number {
  let square = 0;
  for (let axis = 0; axis < a.dimensions; axis++) {
    square += (a.relative[i * a.dimensions + axis]! - b.relative[j * a.dimensions + axis]!) ** 2;
  }
  return Math.sqrt(square);
}

/** The cosine between two normals, and how far from each tangent plane the other point lies, along the normal. */
function seen(a: Boundary, i: number, b: Boundary, j: number): { cosine: number; ahead: number; behind: number } {
  let [cosine, ahead, behind] = [0, 0, 0];
  for (let axis = 0; axis < a.dimensions; axis++) {
    const [own, other] = [i * a.dimensions + axis, j * a.dimensions + axis];
    const step = b.rows[other]! - a.rows[own]!;
    cosine += a.normals[own]! * b.normals[other]!;
    ahead += a.normals[own]! * step;
    behind += b.normals[other]! * step;
  }
  return { cosine, ahead, behind };
}

/**
 * The points of a set that lie on the same plane, circle, sphere or cylinder as some of another, and not farther from them than these from each other: on
 * these the chord between two points is at right angles to the sum of their normals.
 */
export function lyingAmong(domain: Domain, set: PointSet, among: PointSet): number[] {
  const [own, other] = [boundaryOf(domain, set), boundaryOf(domain, among)];
  const size = Math.hypot(...Object.values(domain.bounds).map(([low, high]) => high - low));
  const most = reach(other);
  const hasNeighbour = (at: number): boolean => {
    for (let next = 0; next < other.count; next++) {
      if (distance(own, at, other, next) > most) continue;
      const { cosine, ahead, behind } = seen(own, at, other, next);
      if (cosine > turn && Math.abs(ahead + behind) <= same * size) return true;
    }
    return false;
  };
  return Array.from({ length: own.count }, (_, at) => at).filter(hasNeighbour);
}

/** A place where two parts of a boundary meet, and which points of either are next to it. */
export interface Meeting {
  readonly place: readonly number[];
  readonly own: number;
  readonly other: number;
}

/** Where the part of one set meets that of another: in an edge or a corner, or side by side. */
export function meetings(domain: Domain, set: PointSet, others: PointSet): readonly Meeting[] {
  const [own, other] = [boundaryOf(domain, set), boundaryOf(domain, others)];
  const most = Math.max(reach(own), reach(other));
  const found: Meeting[] = [];
  for (let at = 0; at < own.count; at++) {
    let [next, nearest] = [-1, most];
    for (let i = 0; i < other.count; i++) {
      const apart = distance(own, at, other, i);
      if (apart <= nearest) [next, nearest] = [i, apart];
    }
    const place = next < 0 ? undefined : edgeBetween(own, at, other, next);
    if (place === undefined) continue;
    const there = boundaryOf(domain, { rows: Float64Array.from(place), columns: {} });
    if (distance(own, at, there, 0) <= most) found.push({ place, own: at, other: next });
  }
  return found;
}

/** The point nearest to one of a boundary on its own tangent plane and on that of another one; halfway where both are one, and none where they face each other. */
function edgeBetween(a: Boundary, i: number, b: Boundary, j: number): number[] | undefined {
  const { cosine, behind } = seen(a, i, b, j);
  if (cosine < -turn) return undefined;
  return Array.from({ length: a.dimensions }, (_, axis) => {
    const [own, other] = [i * a.dimensions + axis, j * a.dimensions + axis];
    if (cosine > turn) return (a.rows[own]! + b.rows[other]!) / 2;
    // Along the own plane, in the direction in which the other one is nearest.
    return a.rows[own]! + ((b.normals[other]! - cosine * a.normals[own]!) * behind) / (1 - cosine ** 2);
  });
}
