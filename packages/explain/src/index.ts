/**
 * Why a model predicts what it does: shares of inputs and maps of layers, on the scale of the data.
 *
 * @packageDocumentation
 */

export {
  type IntegratedGradients,
  type IntegratedGradientsOptions,
  integratedGradients,
} from "./gradients/integrated-gradients.ts";
export { type SmoothGrad, type SmoothGradOptions, smoothGrad } from "./gradients/smooth-grad.ts";
export {
  type AttentionRollout,
  type AttentionRolloutOptions,
  attentionRollout,
} from "./layers/attention-rollout.ts";
export { type GradCam, type GradCamOptions, gradCam } from "./layers/grad-cam.ts";
export type { RunOptions } from "./model/batched.ts";
export type { ExplainOptions, ExplainProgress } from "./model/options.ts";
export type { Output } from "./model/output.ts";
export { overChannels } from "./model/over-channels.ts";
export type { AnyModel, AskOptions, PredictFunction } from "./model/predictor.ts";
export { type NodeOcclusion, type NodeOcclusionOptions, nodeOcclusion } from "./perturbing/node-occlusion.ts";
export { type Occlusion, type OcclusionOptions, occlusion } from "./perturbing/occlusion.ts";
export { type ImportanceOptions, permutationImportance } from "./perturbing/permutation-importance.ts";
export type { ArrayGameOptions } from "./shapley/array-game.ts";
export { type ExactShapleyOptions, type ExactTableShapleyOptions, exactShapley } from "./shapley/exact-shapley.ts";
export type { Shapley } from "./shapley/game.ts";
export { type KernelShapleyOptions, type KernelTableShapleyOptions, kernelShapley } from "./shapley/kernel-shapley.ts";
export { gridParts } from "./shapley/parts.ts";
export type { TableGameOptions } from "./shapley/table-game.ts";
