// Mapping factors and triangular systems: the rows are one batch axis more; where the matrix is the same in every row, they are columns.
import { apply, type BatchRules, foldRows, mapped, spread, unfoldRows } from "./rule.ts";

export const factorization: BatchRules<"cholesky" | "triangularSolve"> = {
  cholesky: ([x], node) => apply(node, [x!.tensor]).map(mapped),
  triangularSolve([a, b], node, rows) {
    if (a!.mapped) return apply(node, [a!.tensor, spread(b!, rows)]).map(mapped);
    const shape = b!.tensor.shape.slice(1);
    const columns = shape.length - 1;
    const [x] = apply(node, [a!.tensor, foldRows(b!.tensor, columns)]);
    return [mapped(unfoldRows(x!, columns, rows, shape))];
  },
};
