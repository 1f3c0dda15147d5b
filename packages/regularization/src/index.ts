/**
 * Against overfitting: dropout variants, penalties, constraints, averages, early stopping, schedules, augmentation by
 * declared symmetry.
 *
 * @packageDocumentation
 */
export * from "./augmentation/index.ts";
export * from "./layers/index.ts";
export * from "./optimizers/index.ts";
export { biasesAndScales } from "./parameters.ts";
export {
  type ElasticNetOptions,
  elasticNet,
  l1,
  l2,
  type PenaltyOptions,
  sumOfPenalties,
} from "./penalties.ts";
export { regularization } from "./plugin.ts";
export * from "./schedules/index.ts";
export * from "./training/index.ts";
