/**
 * Reports: a finished training, or another result, as one HTML page that opens anywhere.
 *
 * @packageDocumentation
 */

export { type PlotLibrary, renderReport } from "./page.ts";
export type {
  Report,
  ReportChart,
  ReportConfusion,
  ReportMetric,
  ReportParity,
  ReportRow,
  ReportSeries,
} from "./report.ts";
