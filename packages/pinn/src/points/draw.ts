// Points of parts: how many of each, and where they are drawn.
import { type Check, checkArgument, checkOptions, checks, fail, foldHost } from "@hooke/runtime";
import { drawKept, kept } from "./cut.ts";
import { latinHypercube } from "./latin-hypercube.ts";
import type { Part, Test } from "./part.ts";
import { joined, type Points } from "./points.ts";
import { type Sampler, samplerCheck } from "./sampler.ts";

/** Values by coordinate: those of a point, or of its normal. */
export type Place = Readonly<Record<string, number>>;

/** How points are drawn. */
export interface DrawOptions {
  /** Default {@link latinHypercube}. */
  readonly sampler?: Sampler;
  /**
   * Only where this is true of a point: the rim of a hole, `({ x, y }) => Math.hypot(x!, y!) < 0.41`, or half of a side. On boundaries it gets the outward normal,
   * too. The measure of what it keeps is an estimate, see {@link union}. Default everywhere.
   */
  readonly where?: (point: Place, normal: Place) => boolean;
}

/** Checks what a method that makes points is given. */
export function checkDraw(who: string, count: unknown, options: unknown): void {
  checkArgument(who, "the number of points", count, checks.count);
  checkOptions<DrawOptions>(who, options, { optional: { sampler: samplerCheck, where: whereCheck } });
}

const whereCheck: Check = (value) =>
  typeof value === "function" ? undefined : "a function of a point, such as ({ x }) => x! < 0.5";

/** A test of coordinates by name. */
export function testOf(coordinates: readonly string[], where: NonNullable<DrawOptions["where"]>): Test {
  const named = (values: Float64Array): Place => Object.fromEntries(coordinates.map((name, i) => [name, values[i]!]));
  return (point, normal) => where(named(point), normal.length === 0 ? {} : named(normal));
}

/** What is kept of parts where points are asked for only there. */
function partsWhere(who: string, parts: readonly Part[], { where }: DrawOptions): readonly Part[] {
  if (where === undefined) return parts;
  const left = kept(parts, testOf(parts[0]!.coordinates, where));
  return left.length > 0 ? left : fail(who, "received a where that is true of no point there.");
}

/** Points of a part. */
function pointsOf(part: Part, count: number, { sampler = latinHypercube() }: DrawOptions = {}): Points {
  const { coordinates, measure, columns, dimensions } = part;
  if (part.kept !== undefined && sampler.weights !== undefined) {
    fail(sampler.name, "has weights for whole shapes, and this one is cut; take sobol().", "unsupported");
  }
  return Object.freeze({
    coordinates,
    count,
    measure,
    columns: sampler.weights === undefined ? columns : [...columns, "quadrature"],
    random: dimensions > 0,
    draw: (key) => {
      if (part.kept !== undefined) return drawKept(part, sampler, key, count);
      const set = part.place(sampler.draw(key, count, dimensions), count);
      const quadrature = sampler.weights?.(key, count, dimensions).map((weight) => weight * measure);
      return quadrature === undefined ? set : { ...set, columns: { ...set.columns, quadrature } };
    },
  } satisfies Points);
}

/** Points of several parts, one after the other: as many of each as its share of the measure asks for, and at least one. */
export function pointsOfAll(who: string, all: readonly Part[], count: number, options: DrawOptions = {}): Points {
  const parts = partsWhere(who, all, options);
  if (parts.length === 1) return pointsOf(parts[0]!, count, options);
  const counts = shares(
    who,
    parts.map(({ measure }) => measure),
    count,
  );
  const each = parts.map((part, i) => pointsOf(part, counts[i]!, options));
  const { coordinates, columns } = each[0]!;
  return Object.freeze({
    coordinates,
    count,
    measure: parts.reduce((total, { measure }) => total + measure, 0),
    columns,
    random: each.some(({ random }) => random),
    draw: (key) => joined(each.map((points, i) => points.draw(foldHost(key, i)))),
  } satisfies Points);
}

/** Whole numbers that add up to `count`, each at least 1, in proportion to the measures. */
function shares(who: string, measures: readonly number[], count: number): number[] {
  if (count < measures.length) {
    fail(who, `received ${count} points for ${measures.length} parts; give at least ${measures.length}.`);
  }
  const total = measures.reduce((sum, measure) => sum + measure, 0);
  const rest = count - measures.length;
  const ideal = measures.map((measure) => (rest * measure) / total);
  const counts = ideal.map((share) => 1 + Math.floor(share));
  const order = ideal.map((share, i) => [share - Math.floor(share), i] as const).sort(([a], [b]) => b - a);
  const missing = count - counts.reduce((sum, share) => sum + share, 0);
  for (const [, i] of order.slice(0, missing)) counts[i]!++;
  return counts;
}
