/**
 * Layers, losses, metrics, optimizers, data and training.
 *
 * @packageDocumentation
 */

export {
  type Initializer,
  type InitializerFunction,
  type InitializerName,
  initializerCheck,
  type ParameterSpec,
  type ParameterSpecs,
} from "./initializers/initializer.ts";
export type { Gain, InitializerOptions } from "./initializers/rules.ts";
export {
  type Activation,
  type ActivationName,
  type ActivationOptions,
  activate,
  activation,
  activationCheck,
  activationNames,
} from "./layers/activation.ts";
export {
  elu,
  gelu,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  mish,
  relu,
  selu,
  silu,
  sine,
  softplus,
} from "./layers/activations.ts";
export { type AdaptiveActivationConfig, adaptiveActivation } from "./layers/adaptive-activation.ts";
export { type BatchNormConfig, batchNorm } from "./layers/batch-norm.ts";
export { type DenseConfig, dense } from "./layers/dense.ts";
export { type DropoutConfig, dropout } from "./layers/dropout.ts";
export { frozen } from "./layers/frozen.ts";
export { frozenExcept } from "./layers/frozen-except.ts";
export { frozenParameters } from "./layers/frozen-parameters.ts";
export { glu } from "./layers/glu.ts";
export type { NormConfig } from "./layers/normalize.ts";
export {
  type GroupNormConfig,
  groupNorm,
  instanceNorm,
  layerNorm,
  type RmsNormConfig,
  rmsNorm,
} from "./layers/norms.ts";
export { type PreluConfig, prelu } from "./layers/prelu.ts";
export { recomputed } from "./layers/recomputed.ts";
export { residual } from "./layers/residual.ts";
export { type SequentialConfig, sequential } from "./layers/sequential.ts";
export { flatten, type ReshapeConfig, reshape } from "./layers/shape.ts";
export { type BinaryCrossEntropyOptions, binaryCrossEntropy } from "./losses/binary-cross-entropy.ts";
export type { ClassWeights } from "./losses/class-weights.ts";
export { type CrossEntropyOptions, crossEntropy } from "./losses/cross-entropy.ts";
export type { Loss, Penalty } from "./losses/loss.ts";
export { type PinballOptions, pinball } from "./losses/pinball.ts";
export { type GaussianNllOptions, gaussianNll, type HuberOptions, huber, mae, mse } from "./losses/regression.ts";
export { type Applied, type ApplyOptions, apply } from "./model/apply.ts";
export type { BatchShare } from "./model/batch-share.ts";
export {
  type ApplyResult,
  defineLayer,
  type LayerContext,
  type LayerDefinition,
  type LayerFactory,
  type NoOptions,
  type Parameters,
  type RowDraw,
} from "./model/define-layer.ts";
export type { Extras } from "./model/extras.ts";
export { init, initialize } from "./model/init.ts";
export { type InputShape, type InputSpec, inputShapeOf, type RowSpec } from "./model/input.ts";
export { layerFromJson } from "./model/json.ts";
export { isLayer, type Layer, type Layers, layerCheck } from "./model/layer.ts";
export {
  checkSequence,
  lastStepOf,
  meanOverSteps,
  refuseLengths,
  sequenceLengths,
  validSteps,
  withinLengths,
} from "./model/sequence.ts";
export { statefulLayer } from "./model/stateful.ts";
export { type Summary, type SummaryRow, summary } from "./model/summary.ts";
export { applyTapped, type TapOptions, type Tapped } from "./model/taps.ts";
export { type TrainedModel, trainedModelCheck } from "./model/trained-model.ts";
export { precisionOf, type TensorTree, type Variables } from "./model/variables.ts";
export { accumulate } from "./optimizers/accumulate.ts";
export { type AdamOptions, type AdamSlots, adam, adamw } from "./optimizers/adam.ts";
export { clipByGlobalNorm, clipByValue } from "./optimizers/clip.ts";
export { groups, type ParameterGroup } from "./optimizers/groups.ts";
export {
  accumulationOf,
  chain,
  type GradientTransform,
  type Optimizer,
  type StepInputs,
  updateBy,
} from "./optimizers/optimizer.ts";
export { type ParameterPaths, pathTest } from "./optimizers/paths.ts";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop.ts";
export { type SgdOptions, sgd } from "./optimizers/sgd.ts";
export { core } from "./plugin.ts";
export { fitChecks } from "./training/arguments.ts";
export type { Batch } from "./training/batch.ts";
export { batchReader } from "./training/batch-reader.ts";
export type { Callback, FitControl, FitOptions } from "./training/callback.ts";
export { evaluate } from "./training/evaluate.ts";
export type { EvaluateOptions, Evaluation } from "./training/evaluation.ts";
export type {
  Best,
  CheckpointEvent,
  CheckpointInfo,
  EndEvent,
  EpochEvent,
  EpochRecord,
  History,
  Monitor,
  RecoveryEvent,
  StepEvent,
  TrainingEvent,
  Validation,
  ValidationEvent,
} from "./training/events.ts";
export { type FitResult, fit } from "./training/fit.ts";
export { lossFor } from "./training/loss-for.ts";
export type { Augmentation, CheckpointOptions, TrainingData, TrainOptions } from "./training/options.ts";
export { type InferenceOptions, type PredictOptions, predict } from "./training/predict.ts";
export type { Ranks } from "./training/ranks.ts";
export {
  recordStep,
  type StepPart,
  type StepSpec,
  type TrainingState,
  type TrainingStep,
  trainingStep,
} from "./training/record-step.ts";
export { constant, type Schedule, type ScheduleMoment } from "./training/schedule.ts";
export {
  createTrainer,
  type PreparedStep,
  type StepMoment,
  type Trainer,
  type TrainerOptions,
} from "./training/step.ts";
export { type BatchSizes, checkLeftOver } from "./training/steps.ts";
export { train } from "./training/train.ts";
export type { TrainingSweep, TrainingTrial } from "./training/trial.ts";
export { type LossWeights, lossWeights } from "./training/weights.ts";
export { trainingWork, type WorkSpec } from "./training/work.ts";
