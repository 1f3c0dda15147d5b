/**
 * What training needs from Node: CSV files, run folders, atomic writes, a progress line, Ctrl-C, HTML reports.
 *
 * @packageDocumentation
 */
export { type CheckpointFile, checkpointFile } from "./checkpoint-file.ts";
export { readCsv } from "./csv.ts";
export { displayPath, writeFileAtomic } from "./files.ts";
export { createRunFolder } from "./folders.ts";
export { type Interruption, stopOnInterrupt } from "./interrupt.ts";
export {
  type Progress,
  type ProgressLine,
  type ProgressOptions,
  type ProgressStream,
  progressLine,
} from "./progress.ts";
export type {
  Report,
  ReportChart,
  ReportConfusion,
  ReportMetric,
  ReportParity,
  ReportRow,
  ReportSeries,
} from "./report/report.ts";
export { writeReport } from "./report/write.ts";
