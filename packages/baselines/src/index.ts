/**
 * Classical methods for tables: what a network has to beat, and often cannot.
 *
 * @packageDocumentation
 */

export { type BlendOptions, type BlendState, blend } from "./blend/blend.ts";
export { type ConformalOptions, type ConformalState, conformal } from "./conformal/conformal.ts";
export { type CrossFitted, conformalEnd, crossBounds, type Reach } from "./conformal/ranks.ts";
export type { Element } from "./descriptors/elements.ts";
export { type Composition, parseFormula } from "./descriptors/formula.ts";
export { type ElementProperty, type FormulaOptions, formulaDescriptors } from "./descriptors/formula-descriptors.ts";
export { type Design, type DesignPart, designForm, designMatrix, fitDesign } from "./design/design.ts";
export { dummy } from "./dummy/dummy.ts";
export {
  type AccumulatedEffects,
  accumulatedEffects,
  type EffectAxis,
  type EffectOptions,
  type InputEffect,
  type PairEffect,
} from "./explaining/accumulated-effects.ts";
export { type CorrelationOptions, correlatedInputs } from "./explaining/correlated-inputs.ts";
export {
  type Importances,
  type InputImportance,
  importancesOf,
  type ShuffledLosses,
} from "./explaining/importances.ts";
export { type ImportanceOptions, permutationImportance } from "./explaining/permutation-importance.ts";
export { foldsOf } from "./folds/folds.ts";
export {
  type GaussianProcessOptions,
  type GaussianProcessState,
  type GivenHyperparameters,
  gaussianProcess,
} from "./gaussian-process/gaussian-process.ts";
export type { KernelName } from "./gaussian-process/kernels.ts";
export { type LengthScale, lengthScales } from "./gaussian-process/length-scales.ts";
export type { Posterior } from "./gaussian-process/posterior.ts";
export { type ImageStatisticsOptions, imageStatistics } from "./images/image-statistics.ts";
export { type ImageTableOptions, imagePixels, imageTable, pixelColumns } from "./images/image-table.ts";
export {
  type ImageCurves,
  powerSpectra,
  type SpectrumOptions,
  type TwoPointOptions,
  twoPointStatistics,
} from "./images/two-point-statistics.ts";
export {
  type CertainCoefficient,
  type CertainCoefficients,
  coefficientIntervals,
  type IntervalOptions,
} from "./linear/coefficient-intervals.ts";
export { type Coefficient, type Coefficients, coefficients } from "./linear/coefficients.ts";
export { type ElasticNetOptions, elasticNet, type LassoOptions, lasso } from "./linear/elastic-net.ts";
export type { LinearState } from "./linear/linear-state.ts";
export { type LogisticOptions, logistic } from "./linear/logistic.ts";
export { quadraticRidge, type RidgeOptions, ridge } from "./linear/ridge.ts";
export { sentences } from "./linear/sentences.ts";
export { defineMethod, isMethod } from "./method/define-method.ts";
export { decodeFitted, encodeFitted } from "./method/file.ts";
export { fittedOf } from "./method/fitted.ts";
export { type Form, forms } from "./method/form.ts";
export { innermost } from "./method/innermost.ts";
export type {
  Bounds,
  FitOptions,
  FitProgress,
  Fitted,
  LearnContext,
  Method,
  MethodDefinition,
  MethodFactory,
  Prediction,
  PredictOptions,
  TargetSchema,
  Task,
} from "./method/method.ts";
export { rowWeights } from "./method/option-checks.ts";
export { pausing } from "./method/pausing.ts";
export { type Random, randomFrom } from "./method/random.ts";
export {
  type CategoryInput,
  type ClassTarget,
  type ColumnOptions,
  type Input,
  type InputSchema,
  type Inputs,
  inputsForm,
  inputsOf,
  isMissing,
  type NumberInput,
  type NumberTarget,
  type Samples,
  samplesOf,
  type Target,
  type TextInput,
  takeSamples,
  type Unseen,
} from "./method/samples.ts";
export { spreadOf } from "./method/spread.ts";
export type { State } from "./method/state.ts";
export { type NeighboursOptions, type NeighboursState, nearestNeighbours } from "./neighbours/nearest-neighbours.ts";
export { baselines } from "./plugin.ts";
export type { Kernels } from "./sequences/kernels.ts";
export { type SequenceArray, sequenceArray } from "./sequences/sequence-array.ts";
export {
  type FeatureOptions,
  type KernelOptions,
  randomKernels,
  type SequenceOptions,
  type SequenceState,
  sequenceFeatures,
} from "./sequences/sequence-methods.ts";
export { sequenceTable } from "./sequences/sequence-table.ts";
export { sequenceChannels, stepCorrelation } from "./sequences/steps.ts";
export {
  type GradientBoostingOptions,
  type GradientBoostingState,
  gradientBoosting,
} from "./trees/gradient-boosting.ts";
export type { Link } from "./trees/losses.ts";
export { type RandomForestOptions, type RandomForestState, randomForest } from "./trees/random-forest.ts";
export { type TreeShap, type TreeShapOptions, treeShap } from "./trees/shap/tree-shap.ts";
export type { Trees } from "./trees/trees.ts";
export { type RandomSearchOptions, type Range, randomSearch, type Space } from "./tuning/random-search.ts";
export { type TunedOptions, type TunedState, tuned } from "./tuning/tuned.ts";
