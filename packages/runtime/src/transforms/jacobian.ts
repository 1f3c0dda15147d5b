// Derivatives of functions of one tensor: Jacobian, Hessian and the Hessian's product with a vector.

import { describe, isFloat, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { convert, equal } from "../ops/elementwise.ts";
import { scanTensors } from "../ops/scan.ts";
import { iota, reshape, transpose } from "../ops/structure.ts";
import { nothingMore } from "../options/check-options.ts";
import type { Tensor } from "../tensor.ts";
import type { Tree } from "../tree.ts";
import { grad, vjp } from "./grad.ts";
import { jvp } from "./jvp.ts";
import { vmap } from "./vmap/vmap.ts";

/** Directions that are pushed forward at once: each needs memory of its own for what the function computes. */
const mostAtOnce = 64;

/**
 * The Jacobian of a function of one tensor: `[...shape of the result, ...shape of the argument]`.
 *
 * Takes the rows (reverse mode) or the columns (forward mode), whichever are fewer: rows in a loop, columns all at once, or in a loop
 * where there are more than 64. For Jacobians of every row of a batch, map it: `vmap(jacobian(fn))`.
 */
export function jacobian(fn: (x: Tensor) => Tensor, ...more: []): (x: Tensor) => Tensor {
  nothingMore("jacobian", more);
  return (x) => {
    if (!isFloat(x.dtype)) fail("jacobian", `received ${describe(x)}; derivatives exist in f32 and f64.`, "mismatch");
    const [y, pullback] = vjp(fn, x);
    const columns = sizeOf(x.shape);
    const rows = sizeOf(y.shape);
    const forward = columns <= rows;
    const size = forward ? columns : rows;
    const basis = convert(equal(iota([size, size], 0), iota([size, size], 1)), forward ? x.dtype : y.dtype);
    const along = (direction: Tensor): Tensor =>
      forward ? jvp(fn, [x], [reshape(direction, x.shape)])[1] : pullback(reshape(direction, y.shape))[0];
    const all = forward && size <= mostAtOnce ? vmap(along)(basis) : inTurn(along, basis);
    const shape = [...y.shape, ...x.shape];
    return reshape(forward ? transpose(reshape(all, [columns, rows])) : all, shape);
  };
}

/** {@link vmap} as a loop, which needs the memory of one row. */
function inTurn(fn: (row: Tensor) => Tensor, x: Tensor): Tensor {
  const step = (_: readonly Tensor[], [row]: readonly Tensor[]) => ({ carry: [], ys: [fn(row!)] });
  return scanTensors(step, [], [x], x.shape[0]!, { reverse: false }).ys[0]!;
}

/** The matrix of second derivatives of a scalar function of one tensor: `[...shape, ...shape]`. */
export function hessian(fn: (x: Tensor) => Tensor, ...more: []): (x: Tensor) => Tensor {
  nothingMore("hessian", more);
  return jacobian(grad(fn));
}

/**
 * The product of the Hessian with a vector, without the matrix: the derivative of the gradient along `vector`.
 *
 * @param fn a scalar function
 * @param x where
 * @param vector structured like `x`
 */
export function hvp<P extends Tree<Tensor>>(fn: (x: P) => Tensor, x: P, vector: NoInfer<P>, ...more: []): P {
  nothingMore("hvp", more);
  return jvp(grad(fn) as (x: P) => P, [x], [vector])[1];
}
