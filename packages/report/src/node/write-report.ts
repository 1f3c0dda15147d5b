// Writes a report file, with the plotting library taken from where it is installed.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathCheck, writeFileAtomic } from "@hooke/data/node";
import { type Check, checkArgument, checkOptions, type OptionTable } from "@hooke/runtime";
import { renderReport } from "../page.ts";
import type { Report } from "../report.ts";

const text: Check = (value) => (typeof value === "string" ? undefined : "a text");
const record: Check = (value) => (typeof value === "object" && value !== null ? undefined : "a record");
/** Expects a list of records that have these. */
const listOf =
  (...names: readonly string[]): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => record(item) === undefined && names.every((name) => name in item))
      ? undefined
      : `a list of { ${names.join(", ")} }`;

const reportTable: OptionTable<Report> = {
  required: {
    title: text,
    summary: listOf("label", "value"),
    metrics: listOf("name", "values"),
    details: listOf("title", "rows"),
  },
  optional: {
    history: (value) => listOf("epochs", "series")([value])?.replace("a list of ", ""),
    charts: listOf("title", "x", "series"),
    parity: listOf("label", "actual", "predicted"),
    confusion: listOf("label", "classes", "counts"),
    warnings: (value) => (Array.isArray(value) && !value.some(text) ? undefined : "a list of sentences"),
    quantity: text,
  },
};

/**
 * Writes a self-contained HTML report of a finished training: summary, metrics, training curves, for regression parity and
 * residual plots, for classes what was taken for what, and what deserves a look. It opens offline in any current browser.
 *
 * @throws if series and epochs, or actual and predicted values, differ in length, or classes and what is counted of them
 */
export async function writeReport(path: string, report: Report): Promise<void> {
  checkArgument("writeReport", "the path", path, pathCheck);
  checkOptions<Report>("writeReport", report, reportTable);
  const { resolve } = createRequire(import.meta.url);
  const files = ["uplot/dist/uPlot.iife.min.js", "uplot/dist/uPlot.min.css", "uplot/LICENSE"];
  const [script, style, license] = await Promise.all(files.map((file) => readFile(resolve(file), "utf8")));
  await writeFileAtomic(path, renderReport(report, { script: script!, style: style!, license: license! }));
}
