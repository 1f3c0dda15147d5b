// A field as it is drawn: checked, with the ranges of its axes, and thinned to what an eye can see.
import { describe, fail, type HostArray } from "@hooke/runtime";
import { padded, type Range } from "../numbers.ts";

/** A field that can be drawn. */
export interface Field {
  readonly grid: boolean;
  /** Of the columns of a grid, or of each point. */
  readonly x: readonly number[];
  /** Of the rows of a grid, or of each point. */
  readonly y: readonly number[];
  readonly values: readonly number[];
  /** Before it was thinned. */
  readonly whole: Pick<Field, "x" | "y" | "values">;
  readonly xRange: Range;
  readonly yRange: Range;
  /** What was left out. */
  readonly notes: readonly string[];
}

const maxSide = 512;
const maxPoints = 4000;
/** Coordinates in f32 are even up to their rounding. */
const evenness = 1e-3;

/** @throws if coordinates and values do not fit each other, or those of a grid are not evenly spaced */
export function fieldOf(
  given: { readonly values: HostArray; readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
  who: string,
): Field {
  const { shape } = given.values;
  const [x, y] = [Array.from(given.x), Array.from(given.y)];
  const fits =
    shape.length === 2
      ? shape[0] === y.length && shape[1] === x.length
      : shape.length === 1 && shape[0] === x.length && x.length === y.length;
  if (!fits) {
    fail(
      who,
      `values are ${describe(given.values)} for ${x.length} values of x and ${y.length} of y; ` +
        `a grid has [${y.length}, ${x.length}], points have one value each.`,
      "mismatch",
    );
  }
  const values = Array.from(given.values.data, Number);
  return shape.length === 2 ? gridOf(x, y, values, who) : pointsOf(x, y, values, who);
}

function gridOf(x: number[], y: number[], values: readonly number[], who: string): Field {
  cellRange(x, "x", who);
  cellRange(y, "y", who);
  const [columns, rows] = [thinned(x), thinned(y)];
  const all = columns.length === x.length && rows.length === y.length;
  const drawn = all ? values : rows.flatMap((row) => columns.map((column) => values[row * x.length + column]!));
  const [drawnX, drawnY] = [columns.map((i) => x[i]!), rows.map((i) => y[i]!)];
  const note = `Of ${y.length} rows and ${x.length} columns, ${rows.length} and ${columns.length} are drawn.`;
  return {
    grid: true,
    x: drawnX,
    y: drawnY,
    values: drawn,
    whole: { x, y, values },
    xRange: cellRange(drawnX, "x", who),
    yRange: cellRange(drawnY, "y", who),
    notes: [...(all ? [] : [note]), ...blankNote(values)],
  };
}

/** Indices of a side, evenly picked. */
function thinned(coordinates: readonly number[]): number[] {
  const step = Math.ceil(coordinates.length / maxSide);
  return coordinates.flatMap((_, i) => (i % step === 0 ? [i] : []));
}

function pointsOf(x: number[], y: number[], values: readonly number[], who: string): Field {
  if (x.length === 0) fail(who, "it has no points; it takes at least one.", "invalid-data");
  const odd = x.findIndex((value, i) => !Number.isFinite(value + y[i]!));
  if (odd >= 0) fail(who, `point ${odd} is at (${x[odd]}, ${y[odd]}); coordinates are finite.`, "invalid-data");
  const step = Math.max(1, x.length / maxPoints);
  const order = Array.from({ length: Math.min(x.length, maxPoints) }, (_, i) => Math.floor(i * step)).sort(
    (a, b) => x[a]! - x[b]! || y[a]! - y[b]!,
  );
  const note =
    step > 1 ? [`${order.length.toLocaleString("en")} of ${x.length.toLocaleString("en")} points are drawn.`] : [];
  return {
    grid: false,
    x: order.map((i) => x[i]!),
    y: order.map((i) => y[i]!),
    values: order.map((i) => values[i]!),
    whole: { x, y, values },
    xRange: padded(x),
    yRange: padded(y),
    notes: [...note, ...blankNote(values)],
  };
}

/** Says that values have no colour. */
export function blankNote(values: ArrayLike<number>): string[] {
  const count = Array.from(values).filter((value) => !Number.isFinite(value)).length;
  return count === 0
    ? []
    : [
        `${count.toLocaleString("en")} of ${values.length.toLocaleString("en")} values are not finite: they are left blank.`,
      ];
}

/** From half a step before the first coordinate to half a step after the last. */
function cellRange(coordinates: readonly number[], axis: string, who: string): Range {
  const [first, last, count] = [coordinates[0]!, coordinates.at(-1)!, coordinates.length];
  const step = (last - first) / (count - 1);
  const even = coordinates.every((at, i) => Math.abs(at - (first + i * step)) <= evenness * step);
  if (!(step > 0) || !even) {
    fail(
      who,
      `${axis} of a grid is at least two values that ascend in even steps; give uneven ones as points, a value each.`,
      "invalid-data",
    );
  }
  return [first - step / 2, last + step / 2];
}
