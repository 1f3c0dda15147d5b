// Parts that are cut by a test, and turned over.
import { fail, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import type { Part, Test } from "./part.ts";
import type { PointSet } from "./points.ts";
import { permutation, type Sampler } from "./sampler.ts";
import { sobol } from "./sobol.ts";

/** Points that estimate which share of a part is kept. */
const probes = 2 ** 16;

/** What a test keeps of parts; without those of which it keeps nothing. A part of which all is kept has its measure exactly. */
export function kept(parts: readonly Part[], test: Test): Part[] {
  return parts.flatMap((part) => {
    const set = part.place(sobol().draw(randomKey(0), probes, part.dimensions), probes);
    const before = part.kept?.test;
    const old = before === undefined ? probes : rowsWith(part, set, probes, before).length;
    const both: Test = before === undefined ? test : (point, normal) => before(point, normal) && test(point, normal);
    const now = rowsWith(part, set, probes, both).length;
    return now === 0
      ? []
      : [{ ...part, measure: (part.measure * now) / old, kept: { share: now / probes, test: both } }];
  });
}

/** A part of a boundary, seen from its other side. */
export function turnedOver(part: Part): Part {
  const turned = (numbers: Float64Array): Float64Array => numbers.map((value) => -value);
  return {
    ...part,
    place: (unit, count) => {
      const { rows, columns } = part.place(unit, count);
      return {
        rows,
        columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, turned(column)])),
      };
    },
    ...(part.kept && { kept: { ...part.kept, test: (point, normal) => part.kept!.test(point, turned(normal)) } }),
  };
}

/** Points of a part that is cut: of as many as it takes, those that belong to it, but for a few that are too many. */
export function drawKept(part: Part, sampler: Sampler, key: HostArray, count: number): PointSet {
  const { share, test } = part.kept!;
  let tries = Math.ceil((1.02 * count) / share) + 2;
  for (let attempt = 0; attempt < 60; attempt++) {
    const set = part.place(sampler.draw(foldHost(key, attempt), tries, part.dimensions), tries);
    const rows = rowsWith(part, set, tries, test);
    if (rows.length >= count) {
      const order = permutation(foldHost(key, "leave"), rows.length);
      const chosen = order
        .slice(0, count)
        .sort()
        .map((i) => rows[i]!);
      return taken(set, chosen, part.coordinates.length);
    }
    tries = Math.ceil(1.05 * tries * Math.min(count / Math.max(rows.length, 1), 4)) + 8;
  }
  return fail("points", `of ${tries} points none that belong to the domain; its parts are too thin to draw from.`);
}

/** The indices of the points that pass a test, which is given each in the same array. */
function rowsWith(part: Part, { rows, columns }: PointSet, count: number, test: Test): Uint32Array {
  const size = part.coordinates.length;
  const normals = part.coordinates.map((name) => columns[`normal.${name}`]).filter((column) => column !== undefined);
  const point = new Float64Array(size);
  const normal = new Float64Array(normals.length);
  const indices = new Uint32Array(count);
  let found = 0;
  for (let i = 0; i < count; i++) {
    for (let axis = 0; axis < size; axis++) point[axis] = rows[i * size + axis]!;
    for (let axis = 0; axis < normal.length; axis++) normal[axis] = normals[axis]![i]!;
    if (test(point, normal)) indices[found++] = i;
  }
  return indices.slice(0, found);
}

/** The rows of a set at some indices. */
export function taken(
  { rows, columns }: PointSet,
  indices: Uint32Array | readonly number[],
  dimensions: number,
): PointSet {
  const chosen = new Float64Array(indices.length * dimensions);
  for (const [to, from] of indices.entries()) {
    chosen.set(rows.subarray(from * dimensions, (from + 1) * dimensions), to * dimensions);
  }
  return {
    rows: chosen,
    columns: Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, Float64Array.from(indices, (from) => column[from]!)]),
    ),
  };
}
