// Writes a report file, with the plotting library taken from where it is installed.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { writeFileAtomic } from "../files.ts";
import { renderReport } from "./page.ts";
import type { Report } from "./report.ts";

/**
 * Writes a self-contained HTML report of a finished training: summary, metrics, training curves, and, for regression, parity and
 * residual plots. It opens offline in any current browser.
 *
 * @throws if series and epochs, or actual and predicted values, differ in length
 */
export async function writeReport(path: string, report: Report): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  const files = ["uplot/dist/uPlot.iife.min.js", "uplot/dist/uPlot.min.css", "uplot/LICENSE"];
  const [script, style, license] = await Promise.all(files.map((file) => readFile(resolve(file), "utf8")));
  await writeFileAtomic(path, renderReport(report, { script: script!, style: style!, license: license! }));
}
