// All partial derivatives of one order.
import { checks, fail, isTensor, quoted, type Tensor } from "@hooke/runtime";
import type { Derivative } from "../derivatives/at.ts";
import type { Components } from "./scalar.ts";

/**
 * All partial derivatives of a scalar of one order, by the coordinates they are along: those of second order along x and y are `{ xx, xy, yy }`, those of fourth
 * `{ xxxx, xxxy, xxyy, xyyy, yyyy }`. The functions of plates take them.
 *
 * @param d of the term
 * @param quantity a field, a derived quantity, or a component of one
 * @param order from 1
 * @param coordinates default x and y
 * @throws if it receives no scalar, or no order
 */
export function partials(
  d: Derivative,
  quantity: Tensor,
  order: number,
  coordinates: readonly string[] = ["x", "y"],
): Components {
  if (!isTensor(quantity)) fail("partials", "received no scalar; give a field, such as w.");
  const expected = checks.countUpTo(8)(order);
  if (expected !== undefined) fail("partials", `received the order ${order}; expected ${expected}.`);
  if (!Array.isArray(coordinates) || coordinates.length === 0)
    fail("partials", `received ${quoted([])} as coordinates; name some.`);
  const along = (from: number, left: number): string[][] =>
    left === 0
      ? [[]]
      : coordinates.flatMap((name, i) => (i < from ? [] : along(i, left - 1).map((rest) => [name, ...rest])));
  return Object.fromEntries(along(0, order).map((names) => [names.join(""), d(quantity, ...names)]));
}
