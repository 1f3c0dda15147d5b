// Points that are given: where something was measured.
import { fail, isHostArray, quoted } from "@hooke/runtime";
import type { Domain } from "../domains/domain.ts";
import { taken } from "./cut.ts";
import type { PointSet, Points } from "./points.ts";

/** Points as people write them: rows in the order of the coordinates, or a list of numbers for each coordinate. */
export type Places = readonly (readonly number[])[] | Readonly<Record<string, ArrayLike<number>>>;

/** Points as rows, `[n, coordinates]`. @throws where coordinates are missing or lists differ in length */
export function rowsOf(who: string, coordinates: readonly string[], places: Places): Float64Array {
  if (typeof places !== "object" || places === null || isHostArray(places)) {
    fail(who, "received no points; give rows, [[0.5, 1]], or a list for each coordinate, { x: [0.5], t: [1] }.");
  }
  if (Array.isArray(places)) {
    const wrong = places.find((row) => row?.length !== coordinates.length);
    if (wrong !== undefined) {
      fail(who, `received a row of ${wrong?.length} numbers; a row has ${quoted(coordinates)}.`, "mismatch");
    }
    return Float64Array.from(places.flat());
  }
  const lists = places as Readonly<Record<string, ArrayLike<number>>>;
  const names = Object.keys(lists);
  if (names.length !== coordinates.length || coordinates.some((name) => lists[name] === undefined)) {
    fail(who, `received the coordinates ${quoted(names)}; the problem has ${quoted(coordinates)}.`, "mismatch");
  }
  const count = lists[coordinates[0]!]!.length;
  if (coordinates.some((name) => lists[name]!.length !== count)) {
    fail(
      who,
      `received ${coordinates.map((name) => `${lists[name]!.length} of "${name}"`).join(" and ")}; give as many of each.`,
      "mismatch",
    );
  }
  return Float64Array.from({ length: count * coordinates.length }, (_, i) => {
    return lists[coordinates[i % coordinates.length]!]![Math.floor(i / coordinates.length)]!;
  });
}

/** Points as they are written or were drawn, as drawn ones. @throws as {@link rowsOf} */
export function pointSetOf(who: string, coordinates: readonly string[], places: Places | PointSet): PointSet {
  return isPointSet(places) ? places : { rows: rowsOf(who, coordinates, places), columns: {} };
}

const isPointSet = (places: unknown): places is PointSet => {
  const { rows, columns } = (places ?? {}) as Partial<PointSet>;
  return rows instanceof Float64Array && typeof columns === "object" && !isTyped(columns);
};

const isTyped = (value: unknown): boolean => Array.isArray(value) || ArrayBuffer.isView(value);

/** Some of the points of rows, with what is known there. They stay, whatever the key. */
export function givenPoints(
  coordinates: readonly string[],
  rows: Float64Array,
  columns: Readonly<Record<string, Float64Array>>,
  chosen: Uint32Array | readonly number[],
): Points {
  const set = taken({ rows, columns }, chosen, coordinates.length);
  return Object.freeze({
    coordinates,
    count: chosen.length,
    measure: 1,
    columns: Object.keys(columns),
    random: false,
    draw: () => set,
  } satisfies Points);
}

/** Refuses points that are no numbers or lie outside. @throws naming the first of them */
export function checkInside(who: string, { coordinates, contains }: Domain, rows: Float64Array): void {
  const dimensions = coordinates.length;
  for (let i = 0; i < rows.length; i += dimensions) {
    const row = rows.subarray(i, i + dimensions);
    if (row.every(Number.isFinite) && contains(row)) continue;
    const place = coordinates.map((name, axis) => `${name} = ${row[axis]}`).join(", ");
    fail(who, `received the point ${i / dimensions}, ${place}, which lies outside of the domain; leave it out.`);
  }
}
