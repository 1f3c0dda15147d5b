// Optimizers around optimizers: constraints, averages, decay of weights only.
export {
  type ExponentialMovingAverageOptions,
  exponentialMovingAverage,
  type StochasticWeightAveragingOptions,
  stochasticWeightAveraging,
} from "./average.ts";
export { decayWeightsOnly } from "./decay.ts";
export { type MaxNormOptions, maxNorm } from "./max-norm.ts";
