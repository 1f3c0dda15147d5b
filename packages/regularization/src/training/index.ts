// What goes with a training: an early end, averaged models, cross-validation, the learning-rate finder.
export { averagedModel, type TrainedWithSlots } from "./averaged-model.ts";
export { type EstimateOptions, estimateBatchNorm } from "./batch-norm.ts";
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type FoldResult,
  type MetricSpread,
} from "./cross-validate.ts";
export { type CrossValidationSweep, crossValidationSweep, type FoldScores } from "./cross-validation-sweep.ts";
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./early-stopping.ts";
export { type FindLearningRateOptions, findLearningRate } from "./find-learning-rate.ts";
export type { LearningRateCurve } from "./learning-rate-curve.ts";
