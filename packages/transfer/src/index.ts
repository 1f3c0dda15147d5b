/**
 * Pretrained networks for few images: cached features, probes, heads, fine-tuning, and which of them pays.
 *
 * @packageDocumentation
 */
export { type Candidate, type CompareOptions, compareFeatures } from "./compare/compare.ts";
export { type DomainDistance, domainDistance } from "./compare/domain.ts";
export { logMe } from "./compare/log-me.ts";
export { type Method, type Recommendation, type RecommendOptions, recommend } from "./compare/recommend.ts";
export { type FeatureCache, featureStorage } from "./features/cache.ts";
export {
  type FeatureProgress,
  type FeaturesOptions,
  features,
  type ImageBatches,
} from "./features/features.ts";
export { type FineTuned, type FineTuneOptions, fineTune, type Stage } from "./fine-tune/fine-tune.ts";
export { type HeadOptions, head } from "./head/head.ts";
export { type ImageFeaturesConfig, imageFeatures } from "./model/image-features.ts";
export { withInputChannels } from "./model/input-channels.ts";
export { type NormalizeChannelsConfig, normalizeChannels } from "./model/normalize-channels.ts";
export type { Views } from "./model/views.ts";
export { type WithHeadOptions, withHead } from "./model/with-head.ts";
export { transfer } from "./plugin.ts";
export { type Probe, type ProbeOptions, probe } from "./probe/probe.ts";
export type { CurvesFigure, PictureFigure, TableFigure } from "./results/figures.ts";
export { type LargestErrorsOptions, largestErrors } from "./results/largest-errors.ts";
export { type LearningCurvesOptions, learningCurves, scoreTable } from "./results/learning-curves.ts";
export { type LoadedWeights, type LoadWeightsOptions, loadWeights } from "./weights/load-weights.ts";
export type { KernelLayout, NameMap, NameMapName } from "./weights/maps/name-map.ts";
export type { WeightsReport } from "./weights/report.ts";
export type { SourceOptions, WeightsSource } from "./weights/source/bytes-of.ts";
export type { DownloadProgress } from "./weights/source/download.ts";
