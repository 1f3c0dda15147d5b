/**
 * How sure a trained model is: draws of it, distributions, conformal bounds, and scores of them.
 *
 * @packageDocumentation
 */
export type { Bounds } from "./conformal/bounds.ts";
export type { CalibrationGroups } from "./conformal/calibrated.ts";
export {
  type ConformalSets,
  type ConformalSetsOptions,
  conformalSets,
  type SetsOptions,
} from "./conformal/conformal-sets.ts";
export { type CvPlus, type CvPlusOptions, cvPlus } from "./conformal/cv-plus.ts";
export {
  type QuantileConformal,
  type QuantileConformalOptions,
  quantileConformal,
} from "./conformal/quantile-conformal.ts";
export {
  type ConformalBoundsOptions,
  type SplitConformal,
  type SplitConformalOptions,
  splitConformal,
} from "./conformal/split-conformal.ts";
export { type MonteCarloDropoutOptions, monteCarloDropout } from "./draws/monte-carlo-dropout.ts";
export { predictMembers } from "./draws/predict-members.ts";
export {
  type EnsembleSweep,
  type EnsembleSweepOptions,
  ensembleSweep,
  type MemberRecord,
} from "./ensemble/ensemble-sweep.ts";
export { type Ensemble, type FitEnsembleOptions, fitEnsemble } from "./ensemble/fit-ensemble.ts";
export { type PredictNormalsOptions, predictNormals } from "./heads/predict-normals.ts";
export { type PredictQuantilesOptions, predictQuantiles } from "./heads/predict-quantiles.ts";
export type { Evidence } from "./laplace/evidence.ts";
export { kroneckerLaplace } from "./laplace/kronecker.ts";
export type { Laplace } from "./laplace/laplace.ts";
export { lastLayerLaplace } from "./laplace/last-layer.ts";
export { type ClassMixture, classMixtureOf } from "./predictive/class-mixture.ts";
export { type Mixture, type MixtureOptions, mixtureOf } from "./predictive/mixture.ts";
export { fitNoise } from "./predictive/noise.ts";
export { type MixtureBoundsOptions, mixtureBounds } from "./predictive/quantiles.ts";
export { type BoundsScoreOptions, type BoundsScores, scoreBounds } from "./scores/bounds.ts";
export { type CalibrationCurve, calibrationCurve, calibrationError, pit } from "./scores/calibration.ts";
export { type ClassScores, type SetScores, scoreClasses, scoreSets } from "./scores/classes.ts";
export { crps, negativeLogLikelihood } from "./scores/density.ts";
export { type ReliabilityFigure, type ReliabilityOptions, reliabilityFigure } from "./scores/reliability-figure.ts";
export { type MixtureScores, scoreMixture } from "./scores/scores.ts";
