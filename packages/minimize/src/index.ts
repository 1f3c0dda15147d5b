/**
 * Objectives of many parameters on a backend, and the methods that make them small.
 *
 * @packageDocumentation
 */
export { type AdamOptions, adam } from "./adam.ts";
export { bfgs, selfScaledBfgs, selfScaledBroyden } from "./bfgs.ts";
export type { Rows } from "./blocks.ts";
export { positiveSolver } from "./cholesky.ts";
export { type Covariance, type CovarianceOptions, covariance } from "./covariance.ts";
export { type LbfgsOptions, lbfgs } from "./lbfgs.ts";
export { type LevenbergMarquardtOptions, levenbergMarquardt } from "./levenberg-marquardt.ts";
export { type MinimizeOptions, type Minimum, minimize, type Step } from "./minimize.ts";
export type { Descent, Minimizer, Move, State } from "./minimizer.ts";
export {
  type ArraysIn,
  type Evaluation,
  type Objective,
  type ObjectiveOptions,
  objective,
  type Shared,
  type TensorsIn,
  type Value,
} from "./objective.ts";
export type { Precision } from "./programs.ts";
export type { Reason } from "./reasons.ts";
export { type Residuals, type Squares, type SquaresOptions, squares } from "./squares.ts";
export { studentQuantile, studentWithin } from "./student.ts";
export type { Vector } from "./vectors.ts";
