// Rows that are nearly the same: copies that were rounded, or measured again, which a split puts on both of its sides.
import type { Input, Samples } from "@hooke/baselines";
import { randomFrom } from "@hooke/baselines";
import { randomKey } from "@hooke/runtime";
import { sameInputs } from "../splits/splits.ts";

/** Rows that are nearly the same as others. */
export interface NearRows {
  /** A number for each row: those that are the same or nearly have the same. */
  readonly groups: Int32Array;
  /** Rows that are nearly the same as an earlier one, and not the same. */
  readonly count: number;
  /** How far these are from each other at most in any input, over its spread. */
  readonly distance: number;
}

/** Distances that are tried, over the spread of each input, the largest first: the most that rounding to three digits does, and less. */
const distances = [0.02, 0.01, 0.005, 0.002, 0.001, 5e-4, 1e-4, 1e-5, 1e-6];
/** Times as far as rows that are nearly the same others are: hardly any row has its nearest between. Of evenly spread rows at least thrice as many have. */
const gap = 4;
/** Rows whose nearest others are looked for. */
const drawn = 300;
/** Inputs that rows are first told apart by. */
const mostSorted = 6;
/** Pairs of rows that are compared at most. */
const mostPairs = 2e7;

/** What a row is of an input. */
interface Axis {
  readonly values: ArrayLike<number>;
  /** What a difference is divided by; 0 of categories, which are the same or not. */
  readonly spread: number;
}

/** Undefined where no distance tells rows that are nearly the same from others, or the rows are too many to compare. */
export function nearRows(samples: Samples): NearRows | undefined {
  const axes = samples.columns.map(axisOf);
  if (!axes.some(({ spread }) => spread > 0)) return undefined;
  const same = sameInputs(samples);
  const first = new Map<number, number>();
  for (const [row, name] of same.entries()) if (!first.has(name)) first.set(name, row);
  const rows = Int32Array.from(first.values());
  const distance = distanceOf(axes, rows);
  if (distance === undefined) return undefined;
  const leaders = joined(axes, rows, distance);
  if (leaders === undefined) return undefined;
  const leaderOf = new Map(Array.from(rows, (row, i) => [row, rows[leaders[i]!]!]));
  const count = leaders.reduce((sum, leader, i) => sum + Number(leader !== i), 0);
  return { groups: Int32Array.from(same, (name) => leaderOf.get(first.get(name)!)!), count, distance };
}

function axisOf(column: Input): Axis {
  if (column.type === "category") return { values: column.values, spread: 0 };
  const present = column.values.filter((value) => !Number.isNaN(value)).sort();
  if (present.length === 0) return { values: column.values, spread: 0 };
  const at = (share: number): number => present[Math.floor(share * (present.length - 1))]!;
  // Of a column that is mostly the same the quartiles are, or nearly: of elements that few materials have, measured again.
  const middle = at(0.75) - at(0.25) || at(1) - at(0);
  return { values: column.values, spread: Math.max(middle, (at(0.98) - at(0.02)) / 10) };
}

/** The largest distance in any input, over its spread; `most` where it is not below. */
function apart(axes: readonly Axis[], a: number, b: number, most: number): number {
  let largest = 0;
  for (const { values, spread } of axes) {
    const [x, y] = [values[a]!, values[b]!];
    if (Object.is(x, y) || x === y) continue;
    const distance = spread === 0 ? most : Math.abs(x - y) / spread;
    // A missing cell is as far as can be.
    if (!(distance < most)) return most;
    if (distance > largest) largest = distance;
  }
  return largest;
}

/** The largest of the distances that tells near rows from others. */
function distanceOf(axes: readonly Axis[], rows: Int32Array): number | undefined {
  const chosen = randomFrom(randomKey(0), "near rows").choose(rows.length, Math.min(drawn, rows.length));
  const most = gap * distances[0]!;
  // Of each row drawn: how far the nearest is, and for each distance the nearest beyond it.
  const nearest = new Float64Array(chosen.length).fill(most);
  const beyond = distances.map(() => new Float64Array(chosen.length).fill(most));
  for (const [i, place] of chosen.entries()) {
    for (const row of rows) {
      if (row === rows[place]) continue;
      const found = apart(axes, rows[place]!, row, beyond[0]![i]!);
      if (found < nearest[i]!) nearest[i] = found;
      for (const [level, distance] of distances.entries()) {
        if (found > distance && found < beyond[level]![i]!) beyond[level]![i] = found;
      }
    }
  }
  const countOf = (all: Float64Array, below: number): number => all.filter((found) => found < below).length;
  return distances.find((distance, level) => {
    const near = nearest.filter((found) => found <= distance).length;
    const between = countOf(nearest, gap * distance) - near;
    return near > 0 && between <= near && 2 * countOf(beyond[level]!, gap * distance) <= chosen.length;
  });
}

/** Of each row the first one that it is joined with by steps of so little. */
function joined(axes: readonly Axis[], rows: Int32Array, distance: number): Int32Array | undefined {
  const sorted = axes
    .filter(({ spread }) => spread > 0)
    .map((axis) => ({ axis, count: new Set(Array.from(rows, (row) => axis.values[row]!)).size }))
    .sort((a, b) => b.count - a.count)
    .slice(0, mostSorted)
    .map(({ axis }) => axis);
  const leaders = Int32Array.from(rows.keys());
  const leaderOf = (i: number): number => {
    let at = i;
    while (leaders[at] !== at) at = leaders[at] = leaders[leaders[at]!]!;
    return at;
  };
  const cells = new Map<string, number[]>();
  let compared = 0;
  for (const [i, row] of rows.entries()) {
    const places = sorted.map(({ values, spread }) => values[row]! / (spread * 8 * distance));
    for (const cell of cellsNear(places)) {
      for (const other of cells.get(cell) ?? []) {
        if (++compared > mostPairs) return undefined;
        if (apart(axes, row, rows[other]!, 2 * distance) > distance) continue;
        const [a, b] = [leaderOf(i), leaderOf(other)];
        leaders[Math.max(a, b)] = Math.min(a, b);
      }
    }
    const own = places.map(Math.floor).join();
    const known = cells.get(own);
    if (known === undefined) cells.set(own, [i]);
    else known.push(i);
  }
  return leaders.map((_, i) => leaderOf(i));
}

/** The cell of a row, and those that rows an eighth of a cell away may be in. */
function cellsNear(places: readonly number[]): string[] {
  let found: number[][] = [[]];
  for (const place of places) {
    const cell = Math.floor(place);
    const within = place - cell;
    const near = within <= 0.125 ? [cell - 1, cell] : within >= 0.875 ? [cell, cell + 1] : [cell];
    found = found.flatMap((begun) => near.map((next) => [...begun, next]));
  }
  return found.map((cells) => cells.join());
}
