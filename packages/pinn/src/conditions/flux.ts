// Fluxes: what crosses a boundary.
import { add, fail, isTensor, mul, quoted, type Tensor } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import type { Points } from "../points/points.ts";
import { checkGiven, differences } from "./given.ts";
import { checkTerm, type GivenValues, type Term, type TermOptions } from "./term.ts";

/**
 * What vectors are along the outward normal, `q . n`, and tensors, `stress . n`: heat that flows out, a traction.
 *
 * @param points of a boundary or a face, which have normals
 * @param values by field or derived quantity: of a vector `{ x, y }` one value, of a tensor `{ xx, xy, yy }` one for each component of the traction, `{ x: 0, y: -1 }`
 * @example
 * ```ts
 * import { box, flux } from "@hooke/pinn";
 *
 * const wall = box({ x: [0, 1], y: [0, 1] }).face("x", "high", 40);
 * const heated = flux(wall, { q: -5 });
 * const pulled = flux(wall, { stress: { x: 1, y: 0 } });
 * console.log(heated.kind, pulled.kind); // squares squares
 * ```
 */
export function flux(points: Points, values: GivenValues, options: TermOptions = {}): Term {
  checkTerm("flux", points, options);
  checkGiven("flux", values);
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight: options.weight ?? 1,
    record: (at) => differences("flux", at, values, (name) => throughBoundary("flux", at, name)),
  });
}

/** A vector along the normal, or a tensor's traction. */
export function throughBoundary(who: string, at: At, name: string): Quantity {
  const quantity = at[name] as Quantity;
  if (isTensor(quantity)) {
    fail(
      who,
      `received "${name}", which is a scalar; give a vector, or take neumann() for its derivative.`,
      "mismatch",
    );
  }
  const axes = Object.keys(at.normal);
  const known = Object.keys(quantity);
  const along = (parts: readonly (readonly [string, Tensor])[]): Tensor =>
    parts.map(([axis, part]) => mul(part, at.normal[axis]!)).reduce((a, b) => add(a, b));
  const space = axes.filter((axis) => known.includes(axis));
  if (space.length === known.length) return along(space.map((axis) => [axis, quantity[axis]!]));
  const rows = axes.filter((axis) => known.includes(axis + axis));
  const traction = rows.map((row) => {
    const parts = rows.map((axis) => {
      const component = [row + axis, axis + row].find((each) => known.includes(each));
      return [axis, component === undefined ? undefined : quantity[component]!] as const;
    });
    return [row, parts] as const;
  });
  if (rows.length === 0 || traction.some(([, parts]) => parts.some(([, part]) => part === undefined))) {
    fail(
      who,
      `received "${name}" with the components ${quoted(known)}; those of a vector are ${quoted(axes)}.`,
      "mismatch",
    );
  }
  return Object.fromEntries(traction.map(([row, parts]) => [row, along(parts as (readonly [string, Tensor])[])]));
}
