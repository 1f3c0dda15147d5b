// Taylor series of factors and of solutions: of what is left of each order when those below it are known, the derivative rules make it.
import { tril, triu } from "../../ops/arrangement.ts";
import { matmul } from "../../ops/linear.ts";
import type { PlainRule } from "../../primitives/rule.ts";
import type { TaylorRule } from "./rule.ts";
import { at, choose, type Growing, minus, productAt, sumOf } from "./series.ts";

/** `L Lᵀ = x`. */
export const factor: TaylorRule<"cholesky"> = ([x], outputs, { rule, params }, order) => {
  const { jvp } = rule as PlainRule<"cholesky">;
  const series: Growing = [outputs[0]!];
  for (let k = 1; k <= order; k++) {
    const known = sumOf(
      1,
      k - 1,
      (j) => choose(k, j),
      (j) => {
        const [left, right] = [at(series, j), at(series, k - j)];
        return left === null || right === null ? null : matmul(left, right, { transposeB: true });
      },
    );
    const rest = minus(at(x!, k), known);
    series.push(rest === null ? null : jvp([x![0]], outputs, params, [rest])[0]!);
  }
  return [series];
};

/** `a x = b`. */
export const solution: TaylorRule<"triangularSolve"> = ([a, b], outputs, { rule, params }, order) => {
  const { jvp } = rule as PlainRule<"triangularSolve">;
  const { lower, transposeA } = params;
  const series: Growing = [outputs[0]!];
  for (let k = 1; k <= order; k++) {
    const known = productAt(a!, series, k, 1, (matrix, x) =>
      matmul(lower ? tril(matrix) : triu(matrix), x, { transposeA }),
    );
    const rest = minus(at(b!, k), known);
    series.push(rest === null ? null : jvp([a![0], b![0]], outputs, params, [null, rest])[0]!);
  }
  return [series];
};
