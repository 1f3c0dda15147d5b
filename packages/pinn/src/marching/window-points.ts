// The points of a window: those of the whole domain, laid into a part of its time.
import { fail, randomKey } from "@hooke/runtime";
import type { Interval } from "../domains/domain.ts";
import type { PointSet, Points } from "../points/points.ts";

/** In which windows something was solved. */
export interface Marching {
  readonly coordinate: string;
  /** How many of the same length; a march that was ended may have solved the first of them only. */
  readonly windows: number;
}

/** A window: its range along the coordinate, which is the `axis`-th, in the range of the domain. */
export interface Window {
  readonly coordinate: string;
  readonly axis: number;
  readonly range: Interval;
  readonly whole: Interval;
}

/** Whether a window begins with the whole, and ends with it. */
export const isFirst = ({ range, whole }: Window): boolean => range[0] === whole[0];
export const isLast = ({ range, whole }: Window): boolean => range[1] === whole[1];

/**
 * The points that a term has in a window: none where they are a start or an end of the whole that the window does not have. Points that are drawn
 * are as many in each window; of given ones, those in it.
 *
 * @throws if some lie at the start or the end of the whole and others do not
 */
export function windowPoints(who: string, points: Points, window: Window): Points | undefined {
  const { coordinate, axis, range, whole } = window;
  const dimensions = points.coordinates.length;
  const sample = points.draw(randomKey(0));
  const times = Array.from({ length: points.count }, (_, i) => sample.rows[i * dimensions + axis]!);
  if (times.every((time) => time === whole[0])) return isFirst(window) ? points : undefined;
  if (times.every((time) => time === whole[1])) return isLast(window) ? points : undefined;
  if (sample.columns[`normal.${coordinate}`]?.some((component) => component !== 0)) {
    fail(
      who,
      `has points at the ends of "${coordinate}" among others; march takes these apart: use face("${coordinate}", "low", ...) for the start and faces([...], ...) for walls.`,
      "unsupported",
    );
  }
  return points.random ? laid(points, window) : given(points, sample, times, range, isLast(window));
}

/** Drawn points, moved along the coordinate so that the whole becomes the window. */
export function laid(points: Points, { axis, range, whole }: Window): Points {
  const share = (range[1] - range[0]) / (whole[1] - whole[0]);
  const dimensions = points.coordinates.length;
  return Object.freeze({
    ...points,
    measure: points.measure * share,
    draw: (key) => {
      const { rows, columns } = points.draw(key);
      const moved = rows.map((value, i) => {
        return i % dimensions === axis ? Math.min(range[0] + (value - whole[0]) * share, range[1]) : value;
      });
      const { quadrature } = columns;
      return {
        rows: moved,
        columns: { ...columns, ...(quadrature && { quadrature: quadrature.map((weight) => weight * share) }) },
      };
    },
  } satisfies Points);
}

/** Those of given points that lie in a range. */
function given(
  points: Points,
  { rows, columns }: PointSet,
  times: readonly number[],
  [low, high]: Interval,
  last: boolean,
): Points | undefined {
  const kept = [...times.keys()].filter((i) => times[i]! >= low && (last || times[i]! < high));
  if (kept.length === 0) return undefined;
  const dimensions = points.coordinates.length;
  const set: PointSet = {
    rows: Float64Array.from({ length: kept.length * dimensions }, (_, i) => {
      return rows[kept[Math.floor(i / dimensions)]! * dimensions + (i % dimensions)]!;
    }),
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, Float64Array.from(kept, (i) => column[i]!)]),
    ),
  };
  const measure = (points.measure * kept.length) / points.count;
  return Object.freeze({ ...points, count: kept.length, measure, draw: () => set } satisfies Points);
}
