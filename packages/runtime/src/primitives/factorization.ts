// The Cholesky factor, and systems of triangular matrices.
//
// Derivatives: the forward rule of I. Murray, "Differentiation of the Cholesky decomposition" (2016), arXiv:1602.07527, equations 8 and
// 10, as in JAX. Reverse mode is its transpose, and so symmetric, too.
import { allocate, describe, sameShape, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { tril, triu } from "../ops/arrangement.ts";
import { add, mul, neg, sub } from "../ops/elementwise.ts";
import { matmul } from "../ops/linear.ts";
import { transpose } from "../ops/structure.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { needFloat, needInputs } from "./needs.ts";
import type { TriangularParams } from "./params.ts";
import type { Rules } from "./rule.ts";

/** The size of a stack of square matrices. */
function needSquare(who: string, x: Aval): number {
  needFloat(who, x);
  const size = x.shape.at(-1);
  if (x.shape.length < 2 || size !== x.shape.at(-2))
    fail(who, `received ${describe(x)}; it takes square matrices, or stacks of them.`, "mismatch");
  return size!;
}

const solve = (a: Tensor, b: Tensor, params: TriangularParams): Tensor =>
  emit(factorization, "triangularSolve", [a, b], params)[0]!;

/** The last two axes swapped. */
const turned = (x: Tensor): Tensor => transpose(x, [...x.shape.slice(0, -2).keys(), x.rank - 1, x.rank - 2]);

export const factorization: Rules<"cholesky" | "triangularSolve"> = {
  cholesky: {
    outputs(inputs) {
      needInputs("cholesky", inputs, 1);
      needSquare("cholesky", inputs[0]!);
      return [inputs[0]!];
    },
    jvp(_, [factor], __, [dx]) {
      const lower: TriangularParams = { lower: true, transposeA: false };
      const symmetric = mul(add(dx!, turned(dx!)), 0.5);
      const between = solve(factor!, turned(solve(factor!, symmetric, lower)), lower);
      // The lower triangle with half of the diagonal.
      const half = mul(add(tril(between), tril(between, -1)), 0.5);
      return [matmul(factor!, half)];
    },
    reference([x], _, [out]) {
      const n = x!.shape.at(-1)!;
      const data = allocate(x!.dtype, x!.data.length);
      for (let start = 0; start < data.length; start += n * n) {
        const factor = new Float64Array(n * n);
        let positive = true;
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) {
            const [one, other] = [x!.data[start + i * n + j]!, x!.data[start + j * n + i]!];
            let rest = one + (other - one) / 2;
            for (let k = 0; k < j; k++) rest -= factor[i * n + k]! * factor[j * n + k]!;
            factor[i * n + j] = j < i ? rest / factor[j * n + j]! : Math.sqrt(rest);
          }
          const pivot = factor[i * n + i]!;
          positive &&= pivot > 0 && pivot < Infinity;
          if (!positive) factor.fill(Number.NaN, i * n, i * n + i + 1);
        }
        data.set(factor, start);
      }
      return [{ ...out!, data }];
    },
  },
  triangularSolve: {
    outputs(inputs) {
      needInputs("triangularSolve", inputs, 2);
      const [a, b] = inputs as [Aval, Aval];
      const size = needSquare("triangularSolve", a);
      const fits = b.shape.length === a.shape.length && b.shape.at(-2) === size && b.dtype === a.dtype;
      if (!fits || !sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2))) {
        const what = `received ${describe(a)} and ${describe(b)}; dtypes, leading axes and numbers of rows must agree.`;
        fail("triangularSolve", what, "mismatch");
      }
      return [b];
    },
    jvp([a], [x], params, [da, db]) {
      if (da === null) return [solve(a!, db!, params)];
      const { lower, transposeA } = params;
      const moved = matmul(lower ? tril(da!) : triu(da!), x!, { transposeA });
      return [solve(a!, db === null ? neg(moved) : sub(db!, moved), params)];
    },
    transpose: ([ct], [a], _, { lower, transposeA }) => [null, solve(a!, ct!, { lower, transposeA: !transposeA })],
    reference([a, b], { lower, transposeA }, [out]) {
      const [n, columns] = b!.shape.slice(-2) as [number, number];
      const data = allocate(b!.dtype, b!.data.length);
      const forward = lower !== transposeA;
      const count = sizeOf(b!.shape.slice(0, -2));
      for (let batch = 0; batch < count; batch++) {
        const at = (i: number, k: number): number => a!.data[batch * n * n + (transposeA ? k * n + i : i * n + k)]!;
        for (let column = 0; column < columns; column++) {
          const x = new Float64Array(n);
          for (let step = 0; step < n; step++) {
            const i = forward ? step : n - 1 - step;
            let rest = b!.data[(batch * n + i) * columns + column]!;
            for (let k = forward ? 0 : i + 1; k < (forward ? i : n); k++) rest -= at(i, k) * x[k]!;
            x[i] = rest / at(i, i);
            data[(batch * n + i) * columns + column] = x[i]!;
          }
        }
      }
      return [{ ...out!, data }];
    },
  },
};
