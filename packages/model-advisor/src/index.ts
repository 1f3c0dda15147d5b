/**
 * Which method fits: measured on the user's own data, under the split that the purpose asks for.
 *
 * @packageDocumentation
 */
export type {
  Advice,
  AdviceRecord,
  AdviceSoFar,
  AdvisedExplainOptions,
  AdvisedFitOptions,
  AdvisedModel,
  Budget,
  Recommendation,
  Signal,
  UnderSplit,
} from "./advice/advice.ts";
export { type AdviceSweep, type AdviceTrial, adviceSweep, type FoldRecord } from "./advice/advice-sweep.ts";
export { advise } from "./advice/advise.ts";
export type { Candidate } from "./advice/candidates.ts";
export { candidatesFor } from "./advice/candidates-by-structure.ts";
export { foldMeasurer } from "./advice/fold-measurer.ts";
export {
  type AdviseOptions,
  type Purpose,
  purposes,
  type Readability,
  readabilities,
  tableStructures,
} from "./advice/options.ts";
export { type Candidates, candidatesIn } from "./advice/unmeasured.ts";
export { type BoundedFitOptions, fitWithBounds, withBounds } from "./advice/with-bounds.ts";
export { type CompareOptions, compare } from "./comparison/compare.ts";
export type { Comparison, MethodResult, Pair } from "./comparison/comparison.ts";
export type { Failed, FoldWork, FoldWorkers, Measured } from "./comparison/measurement.ts";
export type { ErrorName } from "./comparison/metrics.ts";
export type { Odds } from "./comparison/statistics.ts";
export type { LearningCurve } from "./curve/learning-curve.ts";
export { checkDomain, type DomainCard, type DomainCheck, domainOf } from "./domain/domain.ts";
export { type NextOptions, type NextSpecimen, nextSpecimens } from "./domain/next-specimens.ts";
export { explain } from "./explaining/explain.ts";
export type {
  ExplainOptions,
  Explanation,
  ExplanationFacts,
  MeanShare,
  OwnWords,
} from "./explaining/explanation.ts";
export type { Law } from "./laws/law.ts";
export { decodeModelFile, encodeModelFile, type ModelFile, type ModelFileOptions } from "./model-file/model-file.ts";
export type { Assumption, Warning } from "./reading/reading.ts";
export { type Rule, rules, rulesVersion, type Structure } from "./rules/rules.ts";
export { describeSplit, foldsFor, type Split, splits } from "./splits/splits.ts";
