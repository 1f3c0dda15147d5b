// Derivatives of rows: of a function of each row of a matrix, in the coordinates of that row.

import { describe, isFloat } from "../../array.ts";
import { fail } from "../../error.ts";
import { array } from "../../make-array.ts";
import { fullLike } from "../../ops/elementwise.ts";
import { broadcastTo } from "../../ops/structure.ts";
import { nothingMore } from "../../options/check-options.ts";
import { show } from "../../options/show.ts";
import type { Tensor } from "../../tensor.ts";
import { treeUnflatten } from "../../tree.ts";
import { recordInner, type TensorTree, tensorLeaves } from "../jvp.ts";
import { evaluateTaylor } from "./evaluate.ts";
import { planOperators } from "./operators.ts";
import { at, type Series, weighted } from "./series.ts";

/** Coordinates to differentiate in, in any order: `[]` is the value, `[0, 0, 1]` the second derivative in 0 of that in 1. */
export type Coordinates = readonly number[];

/** What to return: a derivative, or a sum of several of one order, such as `[[0, 0], [1, 1]]`, the Laplace operator. */
export type RowDerivative = Coordinates | readonly Coordinates[];

const isSum = (derivative: RowDerivative): derivative is readonly Coordinates[] => Array.isArray(derivative[0]);
const termsOf = (derivative: RowDerivative): readonly Coordinates[] => (isSum(derivative) ? derivative : [derivative]);

function checkCoordinates(list: unknown, columns: number): void {
  if (!Array.isArray(list)) {
    fail(
      "rowDerivatives",
      `received ${show(list)} as the derivatives; it takes a list of lists of columns, such as [[0], [0, 1]].`,
    );
  }
  for (const [i, derivative] of list.entries()) {
    const terms: readonly unknown[] = Array.isArray(derivative) ? termsOf(derivative) : [derivative];
    for (const coordinates of terms) {
      const wrong =
        !Array.isArray(coordinates) ||
        coordinates.some((c) => !Number.isInteger(c) || (c as number) < 0 || (c as number) >= columns);
      if (wrong) {
        fail(
          "rowDerivatives",
          `received ${show(coordinates)} as derivative ${i}; it takes a list of columns, from 0 to ${columns - 1}, or a sum of such lists.`,
        );
      }
    }
    const orders = new Set((terms as readonly Coordinates[]).map(({ length }) => length));
    if (isSum(derivative) && (orders.size > 1 || orders.has(0))) {
      fail(
        "rowDerivatives",
        `received ${show(derivative)} as derivative ${i}; the derivatives of a sum are of one order, from 1. Ask for them one by one.`,
      );
    }
  }
}

/**
 * Partial derivatives of a function of rows, `[n, d]` to `[n, ...]`, in the coordinates of each row: any of them, of any order, mixed or not.
 *
 * They come of one pass of Taylor mode, which carries what Leibniz' rule needs for them and nothing else: for a mixed derivative those in each part of
 * its coordinates, for a Laplace operator the slopes and the operator itself, for the biharmonic operator of a plate, asked for as a
 * sum, nine numbers where all derivatives to fourth order are fifteen.
 *
 * Row `i` of the result must depend on row `i` of `x` alone, as in any network that treats a batch row by row. If rows mix (batch
 * normalization), the derivative is that for all rows moving together.
 *
 * @param fn a function of `[n, d]` to `[n, ...]`, or a tree of these
 * @param x `[n, d]`, f32 or f64
 * @param derivatives what to return: a list of columns for each, in any order; `[]` is the value. Or a list of such lists: their sum, of one
 * order; `[[0, 0], [1, 1]]` is the Laplace operator. A list that occurs twice counts twice
 * @returns for each of `derivatives` what is structured like the result of `fn`
 * @throws if `x` is no matrix of floats, a column does not exist, a result has not a row for each row of `x`, or orders in a sum differ
 * @example
 * ```ts
 * import { array, mul, referenceBackend, rowDerivatives, run, sin, sliceAxis, type Tensor } from "@hooke/runtime";
 *
 * const column = (p: Tensor, k: number) => sliceAxis(p, 1, k, k + 1);
 * const u = (p: Tensor) => mul(sin(column(p, 0)), column(p, 1)); // sin(x) y
 * const points = array([[0, 2], [0, 5]]);
 * const [ux, uxy] = await run(referenceBackend(), (p: Tensor) => rowDerivatives(u, p, [[0], [0, 1]]), points);
 * console.log(ux.data, uxy.data); // Float32Array(2) [ 2, 5 ] Float32Array(2) [ 1, 1 ]
 * ```
 */
export function rowDerivatives<R extends TensorTree, const Q extends readonly RowDerivative[]>(
  fn: (x: Tensor) => R,
  x: Tensor,
  derivatives: Q,
  ...more: []
): { -readonly [K in keyof Q]: R } {
  nothingMore("rowDerivatives", more);
  const [value] = tensorLeaves("rowDerivatives", x);
  if (value?.rank !== 2 || !isFloat(value.dtype)) {
    fail(
      "rowDerivatives",
      `received ${value === undefined ? "no tensor" : describe(value)}; it takes rows of coordinates, [n, d], of f32 or f64.`,
      "mismatch",
    );
  }
  const [count, columns] = value.shape as [number, number];
  checkCoordinates(derivatives, columns);
  const { program, captured, result } = recordInner("rowDerivatives", fn, [value]);
  for (const output of program.outputs) {
    if (output.shape[0] !== count) {
      fail(
        "rowDerivatives",
        `the function returned ${describe(output)} for ${describe(value)}; it must return a row for each row.`,
        "mismatch",
      );
    }
  }

  const exponents = derivatives.map((derivative) =>
    termsOf(derivative).map((coordinates) =>
      Array.from({ length: columns }, (_, column) => coordinates.filter((c) => c === column).length),
    ),
  );
  const moving = derivatives.flatMap(({ length }, i) => (length > 0 ? [i] : []));
  const plan = planOperators(moving.map((i) => exponents[i]!));
  const directions = plan.directions.map((direction) =>
    broadcastTo(array([...direction], { dtype: value.dtype }), value.shape),
  );
  const { outputs, series } = evaluateTaylor(
    program,
    [...captured, value],
    [...captured.map(() => null), [[value], directions] as Series],
    plan.operators,
  );
  return derivatives.map((derivative, i) => {
    const order = termsOf(derivative)[0]!.length;
    const leaves = outputs.map((output, leaf) => {
      if (order === 0) return output;
      const part = at(series[leaf] ?? [], order);
      const terms = plan.requests[moving.indexOf(i)]!;
      return weighted(terms.map(({ place, weight }) => [weight, part?.[place] ?? null])) ?? fullLike(output, 0);
    });
    return treeUnflatten(result, leaves);
  }) as { -readonly [K in keyof Q]: R };
}
