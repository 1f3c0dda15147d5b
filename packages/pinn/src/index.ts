/**
 * Physics-informed networks: problems of differential equations, conditions and data, and solving them in f64 with second-order minimizers.
 *
 * @packageDocumentation
 */
export { type DataOptions, data, type Measured } from "./conditions/data.ts";
export { dirichlet } from "./conditions/dirichlet.ts";
export { energy } from "./conditions/energy.ts";
export { type ExactPart, type ExactValue, exactDirichlet } from "./conditions/exact-dirichlet.ts";
export { flux } from "./conditions/flux.ts";
export { type InitialOptions, initial } from "./conditions/initial.ts";
export { type InterfaceOptions, interfaceBetween } from "./conditions/interface-between.ts";
export { neumann } from "./conditions/neumann.ts";
export { type PeriodicBoundaryOptions, periodicBoundary } from "./conditions/periodic-boundary.ts";
export { residual } from "./conditions/residual.ts";
export { type RobinValues, robin } from "./conditions/robin.ts";
export type { Given, GivenValues, Term, TermKind, TermOptions } from "./conditions/term.ts";
export type { At, Derivative, Quantity } from "./derivatives/at.ts";
export type { MultiIndex, Operator } from "./derivatives/operator.ts";
export { type BallOptions, ball, disk } from "./domains/ball.ts";
export { type Box, box, interval, type Side } from "./domains/box.ts";
export { difference, intersection, union } from "./domains/combine.ts";
export type { Domain, Interval } from "./domains/domain.ts";
export { type RotateOptions, rotate, translate } from "./domains/move.ts";
export { type Lists, type PointCloudOptions, pointCloud } from "./domains/point-cloud.ts";
export { type PolygonOptions, polygon } from "./domains/polygon.ts";
export type { Shape } from "./domains/shape.ts";
export type { Corner } from "./domains/triangles.ts";
export type { Wall } from "./domains/walls.ts";
export { type SpaceTime, withTime } from "./domains/with-time.ts";
export { type ErrorRow, type Errors, type ErrorsOptions, errors, type Known } from "./errors.ts";
export { type Field, type FieldOptions, field, type Inputs } from "./fields/field.ts";
export { type Unknown, type UnknownOptions, unknown } from "./fields/unknown.ts";
export { type ExportOptions, encodeCsv, encodeVtu } from "./files/export.ts";
export { type DecodeSolutionOptions, decodeSolution, encodeSolution } from "./files/solution-file.ts";
export type { HistoryRow, ResidualSizes } from "./history.ts";
export type { Noise } from "./intervals.ts";
export {
  type Marched,
  type MarchOptions,
  type MarchProgress,
  type MarchSolveOptions,
  type MarchState,
  march,
} from "./marching/march.ts";
export type { Marching } from "./marching/window-points.ts";
export type { Parameters } from "./model.ts";
export { type Embedding, periodic } from "./networks/embedding.ts";
export { adaptiveResidual, type EncodersConfig, encoders, gate } from "./networks/layers/encoders.ts";
export { type Factorization, type FactorizedDenseConfig, factorizedDense } from "./networks/layers/factorized-dense.ts";
export { type FourierFeaturesConfig, fourierFeatures } from "./networks/layers/fourier-features.ts";
export { type PeriodicFeaturesConfig, periodicFeatures } from "./networks/layers/periodic-features.ts";
export { type WindowedConfig, windowed } from "./networks/layers/windowed.ts";
export { type MlpOptions, mlp } from "./networks/mlp.ts";
export { type ModifiedMlpOptions, modifiedMlp } from "./networks/modified-mlp.ts";
export type { NetworkOptions } from "./networks/network.ts";
export { type PirateNetOptions, pirateNet } from "./networks/pirate-net.ts";
export { type SirenOptions, siren } from "./networks/siren.ts";
export { type WindowsOptions, windows } from "./networks/windows.ts";
export { type DeepONetConfig, deepONet } from "./operators/deep-o-net.ts";
export { type FourierNeuralOperatorConfig, fourierNeuralOperator } from "./operators/fourier-neural-operator.ts";
export { type SpectralConvolutionConfig, spectralConvolution } from "./operators/spectral-convolution.ts";
export type { Plan, Site } from "./plan.ts";
export { pinn } from "./plugin.ts";
export type { DrawOptions, Place } from "./points/draw.ts";
export { type GaussOptions, gauss } from "./points/gauss.ts";
export type { Places } from "./points/given.ts";
export { grid } from "./points/grid.ts";
export { halton } from "./points/halton.ts";
export { latinHypercube } from "./points/latin-hypercube.ts";
export type { Part, Test } from "./points/part.ts";
export type { PointSet, Points } from "./points/points.ts";
export type { Sampler } from "./points/sampler.ts";
export { sobol } from "./points/sobol.ts";
export { uniform } from "./points/uniform.ts";
export { type Problem, problem } from "./problem.ts";
export type { Report, StageReport, TermReport } from "./report.ts";
export { never, type RedrawnOptions, redrawn } from "./resampling/redrawn.ts";
export type { Candidates, Resampling } from "./resampling/resampling.ts";
export { type WorstFirstOptions, worstFirst } from "./resampling/worst-first.ts";
export type { CurvesFigure, Figure, MapFigure, TableFigure, Units } from "./results/figures.ts";
export type { Fixed } from "./results/grid.ts";
export { errorMap, fieldMap, type MapOptions, residualMap } from "./results/maps.ts";
export { type ResultsPage, type ResultsPageOptions, resultsPage } from "./results/page.ts";
export { type SlicesOptions, slices } from "./results/slices.ts";
export { errorTable, historyCurves, identifiedTable, stageTable, termTable } from "./results/tables.ts";
export type { GivenScales, Scales } from "./scaling/scales.ts";
export type { Answers, Asked, Identified, Solution } from "./solution.ts";
export { solve } from "./solve.ts";
export type { Progress, Solved, SolveOptions } from "./solve-options.ts";
export type { HeldOut, Stage } from "./stages.ts";
export type { SolveState } from "./state.ts";
export type { Derived, Exact, Free, ProblemOptions } from "./statement.ts";
export type { Compared, Late, Observed, Seen, Sound, Watched } from "./watching/remembered.ts";
export { type BalancedOptions, gradientNorm, tangentKernel } from "./weights/balanced.ts";
export { type CausalOptions, causal } from "./weights/causal.ts";
export { combined } from "./weights/combined.ts";
export { fixed } from "./weights/fixed.ts";
export { type RelobraloOptions, relobralo } from "./weights/relobralo.ts";
export { type ResidualAttentionOptions, residualAttention } from "./weights/residual-attention.ts";
export type { Memory, Weighed, Weighting, WeightingView, Weights } from "./weights/weighting.ts";
