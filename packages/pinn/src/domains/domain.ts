// What a domain is.
import type { Check } from "@hooke/runtime";
import type { DrawOptions } from "../points/draw.ts";
import type { Points } from "../points/points.ts";

/** The least and the greatest value of a coordinate. */
export type Interval = readonly [low: number, high: number];

/**
 * Where a problem is posed. The coordinate `t`, if there is one, is time; all others are space.
 */
export interface Domain {
  /** Their names, in the order of rows. */
  readonly coordinates: readonly string[];
  /** The smallest box around it, by coordinate: networks see this box as [-1, 1]. */
  readonly bounds: Readonly<Record<string, Interval>>;
  /** Length, area, volume. */
  readonly measure: number;
  /** Whether a point, in the order of the coordinates, lies inside or on the boundary. */
  contains(point: ArrayLike<number>): boolean;
  /** Points inside. */
  interior(count: number, options?: DrawOptions): Points;
  /** Points on the boundary, with the outward unit normal as `normal`. */
  boundary(count: number, options?: DrawOptions): Points;
}

/** Expects a domain. */
export const domainCheck: Check = (value) =>
  typeof (value as Partial<Domain> | null | undefined)?.interior === "function"
    ? undefined
    : "a domain, such as box({ x: [0, 1], t: [0, 2] })";

/** The name of time. */
export const time = "t";
