// Data: tables, datasets, parts, transforms fitted on the training part, batches.
export { datasetCheck, hostArrayCheck } from "./arguments.ts";
export { balancedWeights, classesOf } from "./classes.ts";
export {
  type ByteSource,
  type CsvOptions,
  type CsvProgress,
  type CsvStreamOptions,
  parseCsv,
  parseCsvStream,
} from "./csv/index.ts";
export { type Dataset, type DatasetOptions, dataset, take, takeRows } from "./dataset.ts";
export type { RowNames } from "./groups.ts";
export { type BatchOptions, batchCount, batches } from "./loader.ts";
export { permutation } from "./permutation.ts";
export { datasetInPrecision, type Precision } from "./precision.ts";
export {
  alignColumns,
  fitPreprocessing,
  type Preprocessing,
  type PreprocessingOptions,
  preprocess,
  preprocessInputs,
  restoreTargets,
  warningsOf,
} from "./preprocessing.ts";
export { type PaddedSequences, padSequences, type Sequence } from "./sequences.ts";
export { type Fold, kFold, type SplitParts, split } from "./split.ts";
export {
  type Column,
  columnNames,
  columnOf,
  type NumberColumn,
  numbersOf,
  type Table,
  type TextColumn,
} from "./table.ts";
export { type TableDatasetOptions, tableDataset } from "./table-dataset.ts";
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
  type TransformSpec,
} from "./transforms.ts";
