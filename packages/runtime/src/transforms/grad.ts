// Reverse-mode differentiation: the linear part of a function is recorded apart and transposed.

import { describe, isFloat } from "../array.ts";
import { fail } from "../error.ts";
import { full } from "../ops/elementwise.ts";
import { nothingMore } from "../options/check-options.ts";
import { checkFunction, currentRecorder, withLinearRecorder } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { treeLeaves, treeLeavesLike, treeUnflatten } from "../tree.ts";
import { evaluateJvp, recordInner, type TensorTree, tensorLeaves } from "./jvp.ts";
import type { Keeping } from "./packed.ts";
import { transposeProgram } from "./transpose.ts";

/**
 * The value of `fn` and the function that maps cotangents of the value to cotangents of the arguments.
 *
 * @param fn a function of trees of tensors; float leaves are differentiated, others get zeros
 * @param primals its arguments
 * @returns `[value, pullback]`; `pullback(cotangent)` returns one tree per argument
 */
export function vjp<A extends readonly TensorTree[], R extends TensorTree>(
  fn: (...args: A) => R,
  ...primals: A
): [R, (cotangent: NoInfer<R>) => A] {
  return linearizeAt(fn, primals);
}

/** @param keep how the pullback keeps what it reads. Default: as it is */
function linearizeAt<A extends readonly TensorTree[], R extends TensorTree>(
  fn: (...args: A) => R,
  primals: A,
  keep?: Keeping,
): [R, (cotangent: NoInfer<R>) => A] {
  const { program, captured, result } = recordInner("vjp", fn as unknown as (...args: never[]) => R, primals);
  const values = primals.flatMap((primal) => tensorLeaves("vjp", primal));
  const outer = currentRecorder("vjp");
  const first = outer.nodes.length;
  const linearized = withLinearRecorder((recorder) => {
    const seeds = values.map(({ shape, dtype }) => (isFloat(dtype) ? recorder.input({ shape, dtype }) : null));
    const { outputs, tangents } = evaluateJvp(
      program,
      [...captured, ...values],
      [...captured.map(() => null), ...seeds],
    );
    const active = tangents.flatMap((tangent, i) => (tangent === null ? [] : [{ tangent, i }]));
    return {
      outputs,
      seeds,
      active: active.map(({ i }) => i),
      ...recorder.finish(active.map(({ tangent }) => tangent)),
    };
  });
  const residuals = keep?.(linearized.captured, outer, first) ?? linearized.captured;
  const pullback = (cotangent: NoInfer<R>): A => {
    const given = tensorLeaves("vjp", treeLeavesLike(result, cotangent));
    for (const [i, output] of linearized.outputs.entries()) {
      if (describe(given[i]!) !== describe(output)) {
        fail("vjp", `the pullback received ${describe(given[i]!)} as a cotangent of ${describe(output)}.`, "mismatch");
      }
    }
    const linearInputs = linearized.seeds.filter((seed) => seed !== null);
    const found = transposeProgram(
      linearized.program,
      [...residuals, ...linearInputs.map(() => null)],
      linearized.active.map((i) => given[i]!),
    ).slice(linearized.captured.length);
    let next = 0;
    const all = values.map(({ shape, dtype }, i) => {
      const cotangentOf = linearized.seeds[i] === null ? null : found[next++];
      return cotangentOf ?? full(shape, 0, dtype);
    });
    let offset = 0;
    return primals.map((primal) => {
      const count = treeLeaves(primal).length;
      offset += count;
      return treeUnflatten(primal, all.slice(offset - count, offset));
    }) as unknown as A;
  };
  return [treeUnflatten(result, linearized.outputs) as unknown as R, pullback];
}

/**
 * The function that returns the value of `fn` and its gradient in the first argument.
 *
 * @param fn returns a scalar, of f32 or f64
 * @throws if `fn` does not return a scalar, or a leaf of the first argument is not f32 or f64
 * @example
 * ```ts
 * import { array, mul, referenceBackend, run, sum, type Tensor, valueAndGrad } from "@hooke/runtime";
 *
 * const loss = (x: Tensor) => sum(mul(x, x));
 * const [value, gradient] = await run(referenceBackend(), (x: Tensor) => valueAndGrad(loss)(x), array([1, 2, 3]));
 * console.log(value.data[0], gradient.data); // 14 Float32Array(3) [ 2, 4, 6 ]
 * ```
 */
export function valueAndGrad<P extends TensorTree, A extends readonly unknown[]>(
  fn: (params: P, ...rest: A) => Tensor,
  ...more: []
): (params: P, ...rest: A) => [Tensor, P] {
  nothingMore("valueAndGrad", more);
  checkFunction("valueAndGrad", fn);
  return (params, ...rest) => {
    const [value, , gradient] = differentiate("valueAndGrad", (p: P) => [fn(p, ...rest), []] as const, params);
    return [value, gradient];
  };
}

/**
 * {@link valueAndGrad} for a function that returns more than its scalar.
 *
 * @param fn returns `[scalar, auxiliary]`; the auxiliary tree of tensors is passed through, not differentiated
 * @param keep how the gradient keeps what it reads of the function's values: {@link packed}, or as they are, which is the default
 * @returns a function that returns `[scalar, auxiliary, gradient]`
 */
export function valueAuxAndGrad<P extends TensorTree, A extends readonly unknown[], X extends TensorTree>(
  fn: (params: P, ...rest: A) => readonly [Tensor, X],
  keep?: Keeping,
  ...more: []
): (params: P, ...rest: A) => [Tensor, X, P] {
  nothingMore("valueAuxAndGrad", more);
  return (params, ...rest) => differentiate("valueAuxAndGrad", (p: P) => fn(p, ...rest), params, keep);
}

/** The gradient of a scalar function in its first argument: a function with the arguments of `fn`. @throws as {@link valueAndGrad} */
export function grad<P extends TensorTree, A extends readonly unknown[]>(
  fn: (params: P, ...rest: A) => Tensor,
  ...more: []
): (params: P, ...rest: A) => P {
  nothingMore("grad", more);
  checkFunction("grad", fn);
  return (params, ...rest) => differentiate("grad", (p: P) => [fn(p, ...rest), []] as const, params)[2];
}

function differentiate<P extends TensorTree, X extends TensorTree>(
  who: string,
  fn: (params: P) => readonly [Tensor, X],
  params: P,
  keep?: Keeping,
): [Tensor, X, P] {
  tensorLeaves(who, params);
  for (const { path, value } of treeLeaves<Tensor>(params)) {
    if (!isFloat(value.dtype)) {
      fail(
        who,
        `the argument${path && ` "${path}"`} is ${describe(value)}; derivatives exist in f32 and f64. Use convert(x, "f32").`,
        "mismatch",
      );
    }
  }
  const [[value, aux], pullback] = linearizeAt(fn as unknown as (params: P) => [Tensor, X], [params], keep);
  if (value.rank !== 0) {
    fail(
      who,
      `the function returned ${describe(value)}; it must return a scalar. Use sum or mean, or jacobian.`,
      "mismatch",
    );
  }
  const zeros = treeLeaves<Tensor>(aux).map(({ value: { shape, dtype } }) => full(shape, 0, dtype));
  const [gradient] = pullback([full([], 1, value.dtype), treeUnflatten(aux, zeros) as unknown as X]);
  return [value, aux, gradient];
}
