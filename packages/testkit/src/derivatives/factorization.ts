// Linear algebra: the Cholesky factor, triangular systems, and what follows from them.
import {
  cholesky,
  type HostArray,
  inversePositive,
  logDeterminantPositive,
  type Shape,
  solvePositive,
  sum,
  type Tensor,
  tanh,
  triangularSolve,
} from "@hooke/runtime";
import { heavy } from "../cases/factorization.ts";
import { sample } from "../cases/samples.ts";
import type { DerivativeCase, DerivativeCases } from "./case.ts";

const b = (shape: Shape): HostArray => sample(shape, "f64", { low: -1, high: 1, seed: 2 });
const flags = [false, true];

/** Every element of a matrix counts, and moves by itself. */
export const factorizations: DerivativeCases = {
  cholesky: [(a) => tanh(cholesky(a)), [heavy([], 3, "f64")]],
  "cholesky of a stack": [(a) => tanh(cholesky(a)), [heavy([2], 2, "f64")]],
  ...Object.fromEntries(
    flags.flatMap((lower) =>
      flags.map((transposeA): [string, DerivativeCase] => [
        `triangularSolve ${JSON.stringify({ lower, transposeA })}`,
        [(a, y) => tanh(triangularSolve(a, y, { lower, transposeA })), [heavy([2], 2, "f64"), b([2, 2, 2])]],
      ]),
    ),
  ),
  "triangularSolve of a vector and a stack": [(a, y) => tanh(triangularSolve(a, y)), [heavy([2], 2, "f64"), b([2])]],
  solvePositive: [(a, y) => tanh(solvePositive(a, y)), [heavy([], 3, "f64"), b([3])]],
  logDeterminantPositive: [(a: Tensor) => tanh(logDeterminantPositive(a)), [heavy([2], 2, "f64")]],
  inversePositive: [(a) => sum(tanh(inversePositive(a))), [heavy([], 3, "f64")]],
};
