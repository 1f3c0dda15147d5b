// Taylor series of factors and of solutions: of what is left of each order when those below it are known, the derivative rules make it.
import { tril, triu } from "../../ops/arrangement.ts";
import { matmul } from "../../ops/linear.ts";
import type { PlainRule } from "../../primitives/rule.ts";
import type { TaylorRule } from "./rule.ts";
import { at, each, type Growing, minus, productAt, valueIn } from "./series.ts";

/** `L Lᵀ = x`. */
export const factor: TaylorRule<"cholesky"> = ([x], outputs, { rule, params }, operators) => {
  const { jvp } = rule as PlainRule<"cholesky">;
  const series: Growing = [[outputs[0]!]];
  for (let k = 1; k <= operators.order; k++) {
    const known = productAt(operators, series, series, k, {
      first: 1,
      last: k - 1,
      apply: (left, right) => matmul(left, right, { transposeB: true }),
    });
    series.push(each(minus(at(x!, k), known), (rest) => jvp([valueIn(x!)], outputs, params, [rest])[0]!));
  }
  return [series];
};

/** `a x = b`. */
export const solution: TaylorRule<"triangularSolve"> = ([a, b], outputs, { rule, params }, operators) => {
  const { jvp } = rule as PlainRule<"triangularSolve">;
  const { lower, transposeA } = params;
  const series: Growing = [[outputs[0]!]];
  for (let k = 1; k <= operators.order; k++) {
    const known = productAt(operators, a!, series, k, {
      first: 1,
      apply: (matrix, x) => matmul(lower ? tril(matrix) : triu(matrix), x, { transposeA }),
    });
    series.push(
      each(minus(at(b!, k), known), (rest) => jvp([valueIn(a!), valueIn(b!)], outputs, params, [null, rest])[0]!),
    );
  }
  return [series];
};
