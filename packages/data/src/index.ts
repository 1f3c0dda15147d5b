/**
 * Tables, datasets, splits, preprocessing and metrics: what every method needs, deep or not.
 *
 * @packageDocumentation
 */

// What packages that train or fit on datasets ask of them: what is checked, which rows and steps count.
export {
  anyDatasetCheck,
  datasetCheck,
  hostArrayCheck,
  isDataset,
  labelCheck,
  preprocessingCheck,
} from "./arguments.ts";
export { allFinite } from "./datasets/all-finite.ts";
export { balancedWeights, checkLabels, classesOf, type LabelRows } from "./datasets/classes.ts";
export { type DatasetOptions, dataset, take, takeExtras, takeRows } from "./datasets/dataset.ts";
export type { RowNames } from "./datasets/groups.ts";
export { type BatchOptions, batchCount, batches } from "./datasets/loader.ts";
export { permutation } from "./datasets/permutation.ts";
export { checkResolution, datasetInPrecision, inPrecision } from "./datasets/precision.ts";
export { rowName } from "./datasets/row-name.ts";
export type { BatchExtras, Dataset, Precision } from "./datasets/samples.ts";
export {
  checkLengths,
  countedSteps,
  fillPadding,
  lengthsOf,
  type PaddedSequences,
  padSequences,
  type Sequence,
  type SequenceExtras,
  stepLengths,
} from "./datasets/sequences.ts";
export { sobolPoints } from "./datasets/sobol.ts";
export { type Fold, kFold, type SplitParts, split } from "./datasets/split.ts";
export { loadRows, type StreamedDataset, streamedDataset } from "./datasets/streamed.ts";
export { isStreamed, mapRows, type StreamedArray } from "./datasets/streamed-array.ts";
export { type TableDatasetOptions, tableDataset } from "./datasets/table-dataset.ts";
export { isBetter, type Margin } from "./metrics/better.ts";
export * as metrics from "./metrics/index.ts";
export type { Direction, Metric, MetricOptions } from "./metrics/metric.ts";
export { data } from "./plugin.ts";
export {
  alignColumns,
  alignInputs,
  fitPreprocessing,
  inputSlopes,
  type Preprocessing,
  type PreprocessingOptions,
  preprocess,
  preprocessInputs,
  restoreTargets,
  targetSlopes,
  trainingWarnings,
  warningsOf,
  withoutTransforms,
} from "./preprocessing/preprocessing.ts";
export {
  applyTransform,
  fitTransform,
  invertTransform,
  type LogTransform,
  logTransform,
  type MinMaxTransform,
  minMax,
  type RowSource,
  type StandardizeTransform,
  standardize,
  type Transform,
  type TransformOptions,
  type TransformSpec,
} from "./preprocessing/transforms.ts";
export { categoriesOf, cellsOf } from "./tables/cells.ts";
export {
  type ByteSource,
  type CsvOptions,
  type CsvProgress,
  type CsvStreamOptions,
  parseCsv,
  parseCsvStream,
} from "./tables/csv/index.ts";
export type { NotationHint } from "./tables/csv/numbers.ts";
export {
  type Column,
  columnNames,
  columnOf,
  looksNumeric,
  type NumberColumn,
  numbersOf,
  refuseText,
  type Table,
  type TextColumn,
  tableCheck,
} from "./tables/table.ts";
export { type TableOfOptions, tableOf } from "./tables/table-of.ts";
export { takeTableRows } from "./tables/take-table-rows.ts";
