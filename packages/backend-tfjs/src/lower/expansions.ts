// Primitives that are loops, and that no engine has a kernel for: programs of other primitives, one column or row a step.
import {
  add,
  and,
  div,
  equal,
  fullLike,
  gather,
  greater,
  greaterEqual,
  iota,
  less,
  matmul,
  mul,
  type NodeOf,
  notEqual,
  optimize,
  type PrimitiveParams,
  type Program,
  record,
  reshape,
  scan,
  select,
  sizeOf,
  sqrt,
  sub,
  sum,
  type Tensor,
  transpose,
  tril,
  triu,
} from "@hooke/runtime";

/** Primitives with a program of their own. */
export type Expanded = "cholesky" | "triangularSolve";

/** A stack of matrices with one leading axis. */
const stacked = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -2)), ...x.shape.slice(-2)]);

const turned = (x: Tensor): Tensor => transpose(x, [0, 2, 1]);

/**
 * What is left of each column after those before it, over the root of its pivot. A pivot that fails makes the rows from its own on NaN, and
 * so all pivots after it.
 */
function cholesky(x: Tensor): Tensor {
  const matrices = stacked(x);
  const n = matrices.shape[1]!;
  const symmetric = add(matrices, mul(sub(turned(matrices), matrices), 0.5));
  const [row, column] = [iota([n, n], 0), iota([n, n], 1)];
  const step = (factor: Tensor, j: Tensor): readonly [Tensor, readonly Tensor[]] => {
    const at = reshape(j, [1]);
    const rest = sub(gather(symmetric, at, 2), matmul(factor, gather(factor, at, 1), { transposeB: true }));
    const pivot = gather(rest, at, 1);
    const root = select(and(greater(pivot, 0), less(pivot, Infinity)), sqrt(pivot), Number.NaN);
    const part = select(greaterEqual(iota([n, 1], 0), j), div(rest, root), 0);
    return [select(equal(column, j), part, factor), []];
  };
  const [factor] = scan(step, fullLike(matrices, 0), iota([n], 0));
  const pivots = sum(select(equal(row, column), factor, 0), { axes: 2, keepDims: true });
  const failed = and(greaterEqual(row, column), notEqual(pivots, pivots));
  return reshape(select(failed, Number.NaN, factor), x.shape);
}

/** Row by row: those that are not solved yet are zeros. */
function triangularSolve(a: Tensor, b: Tensor, { lower, transposeA }: PrimitiveParams["triangularSolve"]): Tensor {
  const [matrices, right] = [stacked(a), stacked(b)];
  const n = matrices.shape[1]!;
  const strict = lower ? tril(matrices, -1) : triu(matrices, 1);
  const others = transposeA ? turned(strict) : strict;
  const step = (x: Tensor, j: Tensor): readonly [Tensor, readonly Tensor[]] => {
    const at = reshape(j, [1]);
    const rest = sub(gather(right, at, 1), matmul(gather(others, at, 1), x));
    const solved = div(rest, gather(gather(matrices, at, 1), at, 2));
    return [select(equal(iota([n, 1], 0), j), solved, x), []];
  };
  const [x] = scan(step, fullLike(right, 0), iota([n], 0), { reverse: lower === transposeA });
  return reshape(x, b.shape);
}

/** The program that a node stands for. */
export function expand({
  primitive,
  params,
  inputs,
  outputs,
}: NodeOf<"cholesky"> | NodeOf<"triangularSolve">): Program {
  const isEmpty = sizeOf(outputs[0]!.shape) === 0;
  const fn = (...given: Tensor[]): Tensor => {
    const [a, b] = given as [Tensor, Tensor];
    if (isEmpty) return given.at(-1)!;
    return primitive === "cholesky" ? cholesky(a) : triangularSolve(a, b, params);
  };
  return optimize(record(fn, ...(inputs.map(({ shape, dtype }) => ({ shape, dtype })) as never[])).program);
}
