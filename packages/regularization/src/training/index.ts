// What goes with a training: an early end, averaged models.
export { averagedModel, type TrainedWithSlots } from "./averaged-model.ts";
export { type EstimateOptions, estimateBatchNorm } from "./batch-norm.ts";
export { type EarlyStopping, type EarlyStoppingOptions, earlyStopping } from "./early-stopping.ts";
