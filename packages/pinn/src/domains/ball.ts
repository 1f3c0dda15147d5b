// Disks and balls.
import { add, type Check, checkOptions, checks, mul, square, sub } from "@hooke/runtime";
import type { Part } from "../points/part.ts";
import { normalNames, type Shape, shapeOf } from "./shape.ts";

/** Options of {@link disk} and {@link ball}. */
export interface BallOptions {
  /** By coordinate: `{ x: 0, y: 0 }` of a disk, `{ x: 0, y: 0, z: 0 }` of a ball. */
  readonly center: Readonly<Record<string, number>>;
  readonly radius: number;
}

const centerCheck =
  (dimensions: number): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length === dimensions &&
    Object.values(value).every(Number.isFinite)
      ? undefined
      : `numbers by coordinate, such as ${dimensions === 2 ? "{ x: 0, y: 0 }" : "{ x: 0, y: 0, z: 0 }"}`;

/**
 * A disk.
 *
 * @throws if the center has not two coordinates, or the radius is not above 0
 * @example
 * ```ts
 * import { disk } from "@hooke/pinn";
 *
 * const plate = disk({ center: { x: 0, y: 0 }, radius: 2 });
 * console.log(plate.measure.toFixed(4), plate.depth([1.5, 0])); // 12.5664 0.5
 * ```
 */
export function disk(options: BallOptions): Shape {
  return roundOf("disk", 2, options);
}

/**
 * A ball.
 *
 * @throws if the center has not three coordinates, or the radius is not above 0
 */
export function ball(options: BallOptions): Shape {
  return roundOf("ball", 3, options);
}

function roundOf(who: string, dimensions: 2 | 3, options: BallOptions): Shape {
  checkOptions<BallOptions>(who, options, { required: { center: centerCheck(dimensions), radius: checks.positive } });
  const { radius } = options;
  const coordinates = Object.keys(options.center);
  const center = Object.values(options.center);
  /** Points at a distance from the center, along the unit vectors that numbers of the unit interval stand for. */
  const placed = (unit: Float64Array, count: number, filled: boolean): Float64Array => {
    const used = dimensions - (filled ? 0 : 1);
    const rows = new Float64Array(count * dimensions);
    for (let i = 0; i < count; i++) {
      const angles = unit.subarray(i * used + (filled ? 1 : 0), (i + 1) * used);
      const distance = filled ? radius * unit[i * used]! ** (1 / dimensions) : radius;
      for (const [axis, part] of towards(angles).entries())
        rows[i * dimensions + axis] = center[axis]! + distance * part;
    }
    return rows;
  };
  const inside: Part = {
    coordinates,
    measure: dimensions === 2 ? Math.PI * radius ** 2 : (4 / 3) * Math.PI * radius ** 3,
    columns: [],
    dimensions,
    place: (unit, count) => ({ rows: placed(unit, count, true), columns: {} }),
  };
  const skin: Part = {
    coordinates,
    measure: dimensions === 2 ? 2 * Math.PI * radius : 4 * Math.PI * radius ** 2,
    columns: normalNames(coordinates),
    dimensions: dimensions - 1,
    place: (unit, count) => {
      const rows = placed(unit, count, false);
      const normal = (axis: number): Float64Array =>
        Float64Array.from({ length: count }, (_, i) => (rows[i * dimensions + axis]! - center[axis]!) / radius);
      return {
        rows,
        columns: Object.fromEntries(normalNames(coordinates).map((name, axis) => [name, normal(axis)])),
      };
    },
  };
  return shapeOf(who, {
    coordinates,
    inside: [inside],
    skin: [skin],
    // (R^2 - r^2) / 2R: its slope at the circle is 1.
    walls: [
      (at) =>
        mul(
          sub(
            radius ** 2,
            coordinates.map((name, axis) => square(sub(at[name]!, center[axis]!))).reduce((a, b) => add(a, b)),
          ),
          1 / (2 * radius),
        ),
    ],
    depth: (point) => radius - Math.hypot(...center.map((middle, axis) => point[axis]! - middle)),
    reach: (direction) =>
      center.reduce((sum, middle, axis) => sum + middle * direction[axis]!, 0) + radius * Math.hypot(...direction),
  });
}

/** The unit vector of a number, or of two: evenly over the circle, or the sphere (Archimedes). */
function towards([first, second]: Float64Array): number[] {
  const angle = 2 * Math.PI * first!;
  if (second === undefined) return [Math.cos(angle), Math.sin(angle)];
  const height = 1 - 2 * second;
  const width = Math.sqrt(1 - height * height);
  return [width * Math.cos(angle), width * Math.sin(angle), height];
}
