// Neumann conditions: what the derivative along the outward normal is.
import { add, isTensor, mul, type Tensor } from "@hooke/runtime";
import type { At, Quantity } from "../derivatives/at.ts";
import { flat } from "../derivatives/view.ts";
import type { Points } from "../points/points.ts";
import { checkGiven, differences } from "./given.ts";
import { checkTerm, type GivenValues, type Term, type TermOptions } from "./term.ts";

/**
 * What the derivatives of fields along the outward normal are, at points of a boundary.
 *
 * @param points of a boundary or a face, which have normals
 * @param values of `du/dn`, as in {@link dirichlet}
 */
export function neumann(points: Points, values: GivenValues, options: TermOptions = {}): Term {
  checkTerm("neumann", points, options);
  checkGiven("neumann", values);
  return Object.freeze<Term>({
    kind: "squares",
    points,
    weight: options.weight ?? 1,
    record: (at) => differences("neumann", at, values, (name) => alongNormal(at, at[name])),
  });
}

/** The derivative of a quantity along the normal. */
export function alongNormal(at: At, quantity: Quantity): Quantity {
  const one = (tensor: Tensor): Tensor =>
    Object.entries(at.normal)
      .map(([coordinate, component]) => mul(at.d(tensor, coordinate), component))
      .reduce((a, b) => add(a, b));
  if (isTensor(quantity)) return one(quantity);
  return Object.fromEntries(Object.entries(flat(quantity)).map(([name, tensor]) => [name, one(tensor)]));
}
