// What functions of a problem see at a set of points.
import type { Tensor } from "@hooke/runtime";

/** A scalar at points, `[n]`, or one for each component. */
export type Quantity = Tensor | { readonly [component: string]: Tensor };

/** Derivatives of fields and derived quantities. */
export interface Derivative {
  /**
   * The partial derivative along coordinates, one after the other: `d(u, "x", "x")`. Of a record, of each component.
   *
   * @param quantity a field, a derived quantity, a component of one, or a derivative of one
   * @returns `[n]`, in the user's units
   * @throws if it is something else, or there is no such coordinate
   */
  <Q extends Quantity>(quantity: Q, ...coordinates: string[]): Q;
  /** `{ x, y }` of a scalar, `{ xx, xy, yx, yy }` of a vector: `xy` is the derivative of component `x` along `y`. Along all of space. */
  gradient(quantity: Quantity): Readonly<Record<string, Tensor>>;
  /** Of a vector `{ x, y }` a scalar; of a tensor `{ xx, xy, yy }` a vector, where `yx` is `xy` unless it is given. */
  // biome-ignore lint/suspicious/noExplicitAny: a scalar of a vector, a record of a tensor.
  divergence(vector: Readonly<Record<string, Tensor>>): any;
  /**
   * The sum of the second derivatives along all of space; of a record, of each component. `d` takes it in its turn: `d.laplacian(d.laplacian(u))` is the biharmonic
   * operator, in less time than the sum of its parts.
   */
  laplacian<Q extends Quantity>(quantity: Q): Q;
}

/**
 * What terms, derived quantities and values see at a set of points: coordinates and fields, derived quantities and unknowns under their names.
 * Everything scalar is `[n]`, a vector field is a record of its components, an unknown is `[]`. A name that the problem does not have is an error.
 */
export interface At {
  readonly d: Derivative;
  /** The outward unit normal, by coordinate; only on boundaries. */
  readonly normal: Readonly<Record<string, Tensor>>;
  /** What else the points bring along, `[n]` each, by name. */
  readonly columns: Readonly<Record<string, Tensor>>;
  // biome-ignore lint/suspicious/noExplicitAny: the names are those of the problem, which is checked when it is recorded.
  readonly [name: string]: any;
}

/** Names that problems cannot use. */
export const reserved: readonly string[] = ["d", "normal", "columns", "free"];
