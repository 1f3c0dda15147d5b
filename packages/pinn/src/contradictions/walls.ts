// Walls of exact conditions that run through the domain, such as the line of a side beyond a re-entrant corner: the condition would hold there, too.
import { type Backend, fail, type Tensor } from "@hooke/runtime";
import { once } from "../compiled.ts";
import { columnOf } from "../model.ts";
import { joined } from "../points/points.ts";
import { formatted } from "../table.ts";
import { fieldsOf, type Probe, placeOf } from "./differences.ts";

/** Walls are zero up to this part of their largest value. */
const zero = 1e-9;

/** @throws if a wall of an exact transform is negative at points of the terms of its field, naming it, a point, and what it is there */
export async function checkWalls(backend: Backend, { problem, sets }: Omit<Probe, "evaluator">): Promise<void> {
  const { exact, terms, domain } = problem;
  for (const [field, { walls }] of Object.entries(exact)) {
    const own = Object.keys(terms).filter((term) => fieldsOf(problem, term).includes(field));
    if (walls === undefined || own.length === 0) continue;
    const { rows } = joined(own.map((term) => ({ rows: sets.get(terms[term]!.points)!.rows, columns: {} })));
    const valuesAt = (points: Tensor): Record<string, Tensor> => {
      const at = Object.fromEntries(domain.coordinates.map((name, axis) => [name, columnOf(points, axis)]));
      return Object.fromEntries(walls.map((wall, i) => [i, wall(at)]));
    };
    const shape = [rows.length / domain.coordinates.length, domain.coordinates.length];
    const said = await once(backend, valuesAt, { shape, dtype: "f64", data: rows });
    for (const { data } of Object.values(said as Record<string, { readonly data: Float64Array }>)) {
      const [least, most] = [data.reduce((a, b) => Math.min(a, b)), data.reduce((a, b) => Math.max(a, b))];
      if (least >= -zero * Math.max(most, -least)) continue;
      const place = placeOf(problem, { rows, columns: {} }, data.indexOf(least));
      fail(
        `exact "${field}"`,
        `has a wall that is ${formatted(least)} at ${place}; walls are positive in the domain. ` +
          (most > 0
            ? "This one runs through the domain, where the condition would hold as well: take the walls of a whole shape, such as polygon({ corners }).walls."
            : "Take it from its other side: hole.outside for the walls of a hole."),
        "mismatch",
      );
    }
  }
}
