/**
 * Linear models of rows of numbers, for packages that have such rows already: ridge regression for every penalty at once with what it says of
 * rows left out, and multinomial logistic regression.
 *
 * @packageDocumentation
 */
export { type Eigen, symmetricEigen } from "./eigen.ts";
export { atEdge, largestFirst, multiples } from "./penalties.ts";
export { type Rest, restsFor } from "./rest.ts";
export {
  bestLeftOut,
  type ChosenPenalty,
  type RidgePath,
  type RidgeProblem,
  ridgeAt,
  ridgePath,
} from "./ridge-fit.ts";
export { type Linear, type Rows, someRows } from "./rows.ts";
export { logLoss, type SoftmaxPath, type SoftmaxProblem, softmaxPath } from "./softmax-fit.ts";
export { type Spectrum, spectrumOf } from "./spectrum.ts";
