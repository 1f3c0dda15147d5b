// Shapes of two others: union, difference, intersection.
import { checkArgument, fail, nothingMore, quoted } from "@hooke/runtime";
import { kept, turnedOver } from "../points/cut.ts";
import type { Part } from "../points/part.ts";
import { measureOf, type Shape, shapeCheck, shapeOf, sizeOf } from "./shape.ts";
import { either, type Wall } from "./walls.ts";

/**
 * All that is in one of two shapes or in both. Measures are exact where one shape has all or nothing of the other; else what they share is an estimate from
 * 65,536 points of Sobol's sequence, good to about 2e-4 of the smaller shape.
 *
 * @throws if they have different coordinates
 */
export function union(a: Shape, b: Shape, ...more: []): Shape {
  nothingMore("union", more);
  checkPair("union", a, b);
  return combined("union", a, b, {
    depth: Math.max,
    inside: () => [...a.inside, ...kept(b.inside, (point) => a.depth(point) <= 0)],
    skin: b.skin,
    measure: (shared) => a.measure + b.measure - shared,
    walls: [either(a.distance, b.distance)],
    reach: Math.max,
  });
}

/**
 * What is in a shape and not in another: a plate with a hole. Its boundary are the parts of both boundaries that bound it, with normals out of what is left.
 * Measures are as of {@link union}.
 *
 * @throws if they have different coordinates, or nothing is left
 * @example
 * ```ts
 * import { box, difference, disk } from "@hooke/pinn";
 *
 * const hole = disk({ center: { x: 0, y: 0 }, radius: 0.5 });
 * const plate = difference(box({ x: [-1, 1], y: [-1, 1] }), hole);
 * console.log(plate.measure.toFixed(4), plate.contains([0, 0])); // 3.2146 false
 * ```
 */
export function difference(a: Shape, b: Shape, ...more: []): Shape {
  nothingMore("difference", more);
  checkPair("difference", a, b);
  return combined("difference", a, b, {
    depth: (inA, inB) => Math.min(inA, -inB),
    inside: () => kept(a.inside, (point) => b.depth(point) <= 0),
    skin: b.skin.map(turnedOver),
    measure: (shared) => a.measure - shared,
    walls: [...a.walls, b.outside],
    reach: (ofA) => ofA,
  });
}

/**
 * What two shapes share. Measures are as of {@link union}.
 *
 * @throws if they have different coordinates, or share nothing
 */
export function intersection(a: Shape, b: Shape, ...more: []): Shape {
  nothingMore("intersection", more);
  checkPair("intersection", a, b);
  const [small, large] = a.measure <= b.measure ? [a, b] : [b, a];
  return combined("intersection", a, b, {
    depth: Math.min,
    inside: () => kept(small.inside, (point) => large.depth(point) >= 0),
    skin: b.skin,
    measure: (shared) => shared,
    walls: [...a.walls, ...b.walls],
    reach: Math.min,
  });
}

function checkPair(who: string, a: unknown, b: unknown): void {
  checkArgument(who, "the first shape", a, shapeCheck);
  checkArgument(who, "the second shape", b, shapeCheck);
  const [first, second] = [a, b].map((shape) => (shape as Shape).coordinates) as [string[], string[]];
  if (first.join() === second.join()) return;
  fail(
    who,
    `received shapes of the coordinates ${quoted(first)} and ${quoted(second)}; give both the same, in the same order.`,
    "mismatch",
  );
}

/** What an operation makes of what two shapes say. */
interface Operation {
  depth(inA: number, inB: number): number;
  inside(): readonly Part[];
  /** The boundary of the second, with the normals it has in the result. */
  readonly skin: readonly Part[];
  /** From the measure of what they share. */
  measure(shared: number): number;
  readonly walls: readonly Wall[];
  reach(ofA: number, ofB: number): number;
}

function combined(who: string, a: Shape, b: Shape, operation: Operation): Shape {
  const depth = (point: ArrayLike<number>): number => operation.depth(a.depth(point), b.depth(point));
  const [small, large] = a.measure <= b.measure ? [a, b] : [b, a];
  const shared = measureOf(kept(small.inside, (point) => large.depth(point) > 0));
  const inside = operation.inside();
  if (inside.length === 0) {
    fail(
      who,
      who === "difference"
        ? "leaves nothing: the second shape has all of the first."
        : "is empty: the shapes share nothing.",
    );
  }
  const measure = operation.measure(shared);
  const ratio = measure / measureOf(inside);
  const step = 1e-7 * (sizeOf(a) + sizeOf(b));
  // On the result's boundary it is inside to one side, and outside to the other.
  const moved = new Float64Array(a.coordinates.length);
  const bounding = (point: Float64Array, normal: Float64Array): boolean => {
    const beside = (sign: number): number => {
      for (let axis = 0; axis < moved.length; axis++) moved[axis] = point[axis]! + sign * step * normal[axis]!;
      return depth(moved);
    };
    return beside(-1) > 0 && beside(1) < 0;
  };
  return shapeOf(who, {
    coordinates: a.coordinates,
    measure,
    inside: inside.map((part) => ({ ...part, measure: part.measure * ratio })),
    // Where both boundaries are one, the first has it.
    skin: [
      ...kept(a.skin, bounding),
      ...kept(operation.skin, (point, normal) => Math.abs(a.depth(point)) > step / 100 && bounding(point, normal)),
    ],
    walls: operation.walls,
    depth,
    reach: (direction) => operation.reach(a.reach(direction), b.reach(direction)),
  });
}
