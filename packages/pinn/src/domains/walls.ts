// Walls: functions of coordinates that are zero on a boundary and positive inside of it, joined by R-functions.
import { add, mul, sqrt, square, sub, type Tensor } from "@hooke/runtime";

/**
 * A function of coordinates, `[n]` each, that is zero on a boundary, positive on its inner side and smooth there. Near the boundary it is the distance, to first order.
 */
export type Wall = (at: Readonly<Record<string, Tensor>>) => Tensor;

/**
 * Positive where both are: the R-conjunction of Rvachev, `a + b - sqrt(a^2 + b^2)`. Smooth but where both are zero, and the distance to first
 * order where each of them is (Sukumar and Srivastava 2022).
 */
export const both =
  (a: Wall, b: Wall): Wall =>
  (at) => {
    const [left, right] = [a(at), b(at)];
    return sub(add(left, right), sqrt(add(square(left), square(right))));
  };

/** Positive where one of them is: the R-disjunction, `a + b + sqrt(a^2 + b^2)`. */
export const either =
  (a: Wall, b: Wall): Wall =>
  (at) => {
    const [left, right] = [a(at), b(at)];
    return add(add(left, right), sqrt(add(square(left), square(right))));
  };

/** The other side. */
export const opposite =
  (wall: Wall): Wall =>
  (at) =>
    mul(wall(at), -1);

/** Where a coordinate is above, `sign` 1, or below, -1, a number. */
export const beyond =
  (coordinate: string, number: number, sign: 1 | -1): Wall =>
  (at) =>
    sign === 1 ? sub(at[coordinate]!, number) : sub(number, at[coordinate]!);
