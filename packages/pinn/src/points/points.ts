// Points: a recipe for rows of coordinates, carried out by key.
import type { HostArray } from "@hooke/runtime";

/** Points that were drawn. */
export interface PointSet {
  /** `[count, coordinates]`, row-major, in the order of {@link Points.coordinates}. */
  readonly rows: Float64Array;
  /** What else is known of each point, `[count]` each: `"normal.x"` on a boundary, measured values, quadrature weights. */
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** Where a term holds: how many points, of what part of a domain, and how they are drawn. One value in several terms is drawn once. */
export interface Points {
  readonly coordinates: readonly string[];
  readonly count: number;
  /** The length, area or volume that the points stand for; 1 for single points. */
  readonly measure: number;
  /** The names of the columns that every set has. */
  readonly columns: readonly string[];
  /** Whether another key gives other points. Those that are given, such as measurements, stay. */
  readonly random: boolean;
  /** The points of a key: the same key, the same bits. */
  draw(key: HostArray): PointSet;
}

/** Sets of the same columns, one after the other. */
export function joined(sets: readonly PointSet[]): PointSet {
  const join = (parts: readonly Float64Array[]): Float64Array => {
    const whole = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      whole.set(part, offset);
      offset += part.length;
    }
    return whole;
  };
  const names = Object.keys(sets[0]!.columns);
  return {
    rows: join(sets.map(({ rows }) => rows)),
    columns: Object.fromEntries(names.map((name) => [name, join(sets.map(({ columns }) => columns[name]!))])),
  };
}
