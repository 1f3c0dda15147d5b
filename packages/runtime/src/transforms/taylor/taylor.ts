// Taylor mode: the derivatives of a function along a direction, up to any order, in one pass over its program.

import { describe, isFloat, sameShape } from "../../array.ts";
import { fail } from "../../error.ts";
import { fullLike } from "../../ops/elementwise.ts";
import { nothingMore } from "../../options/check-options.ts";
import { show } from "../../options/show.ts";
import { treeLeavesLike, treeUnflatten } from "../../tree.ts";
import { recordInner, type TensorTree, tensorLeaves } from "../jvp.ts";
import { evaluateTaylor } from "./evaluate.ts";
import { alongDirection } from "./operators.ts";
import { at, type Series } from "./series.ts";

/** `R`, one more time than `N` says; as many as there may be, if that is no literal. */
export type Derivatives<R, N extends number, T extends readonly R[] = []> = number extends N
  ? R[]
  : T["length"] extends N
    ? [...T, R]
    : Derivatives<R, N, [...T, R]>;

/**
 * The derivatives of `fn` along a direction, from the value to those of an order: entry `k` is `d^k/dt^k fn(primals + t directions)` at
 * `t = 0`, a derivative, not divided by `k!` (as JAX's `jet`).
 *
 * Series pass through the program once, with a recurrence for each primitive (Griewank and Walther 2008, chapter 13), where nested
 * {@link jvp} doubles the work with every order. What it yields is a program like others: transforms go through it and it goes through them.
 * Where a function is not smooth, derivatives are those of nested `jvp`. For the derivatives along a curve, make it part of the
 * function, in which `t` is the argument.
 *
 * @param fn a function of trees of tensors
 * @param primals its arguments
 * @param directions one tree per argument, alike in structure, shapes and dtypes (for integer leaves the direction is not read)
 * @param order of the highest derivative, a whole number from 0
 * @returns `order + 1` trees, structured like the result of `fn`
 * @throws if a direction's shape differs from its primal's, or the order is no whole number from 0
 * @example
 * ```ts
 * import { array, exp, fullLike, mul, referenceBackend, run, taylor, type Tensor } from "@hooke/runtime";
 *
 * const derivatives = (x: Tensor) => taylor((y: Tensor) => exp(mul(y, 2)), [x], [fullLike(x, 1)], 3);
 * const [value, first, second, third] = await run(referenceBackend(), derivatives, array(0));
 * console.log(value.data[0], first.data[0], second.data[0], third.data[0]); // 1 2 4 8
 * ```
 */
export function taylor<A extends readonly TensorTree[], R extends TensorTree, const N extends number>(
  fn: (...args: A) => R,
  primals: A,
  directions: NoInfer<A>,
  order: N,
  ...more: []
): Derivatives<R, N> {
  nothingMore("taylor", more);
  if (!Array.isArray(primals) || !Array.isArray(directions)) {
    fail("taylor", "received no lists; write taylor(fn, [x], [direction], order), an entry for each argument.");
  }
  if (!Number.isSafeInteger(order) || order < 0) {
    fail("taylor", `received the order ${show(order)}; it takes a whole number from 0.`);
  }
  const { program, captured, result } = recordInner("taylor", fn as unknown as (...args: never[]) => R, primals);
  const values = primals.flatMap((primal) => tensorLeaves("taylor", primal));
  const given = tensorLeaves("taylor", treeLeavesLike(primals, directions));
  const series = values.map((value, i): Series | null => {
    const direction = given[i]!;
    if (!isFloat(value.dtype)) return null;
    if (!sameShape(value.shape, direction.shape) || value.dtype !== direction.dtype) {
      fail("taylor", `received the direction ${describe(direction)} for the primal ${describe(value)}.`, "mismatch");
    }
    return [[value], [direction]];
  });
  const evaluated = evaluateTaylor(
    program,
    [...captured, ...values],
    [...captured.map(() => null), ...series],
    alongDirection(order),
  );
  return Array.from({ length: order + 1 }, (_, k) => {
    const leaves = evaluated.outputs.map((output, i) => {
      return k === 0 ? output : (at(evaluated.series[i] ?? [], k)?.[0] ?? fullLike(output, 0));
    });
    return treeUnflatten(result, leaves);
  }) as unknown as Derivatives<R, N>;
}
