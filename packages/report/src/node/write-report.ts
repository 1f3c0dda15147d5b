// Writes a report file, with the plotting library taken from where it is installed.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathCheck, writeFileAtomic } from "@hooke/data/node";
import { checkArgument } from "@hooke/runtime";
import { renderReport } from "../page.ts";
import { checkReport, type Report } from "../report.ts";

/**
 * Writes a self-contained HTML report of a finished training, or of another result: summary, metrics, figures, and what
 * deserves a look. It opens offline in any current browser.
 *
 * @throws if something in the report is not what it should be
 */
export async function writeReport(path: string, report: Report): Promise<void> {
  checkArgument("writeReport", "the path", path, pathCheck);
  checkReport("writeReport", report);
  const { resolve } = createRequire(import.meta.url);
  const files = ["uplot/dist/uPlot.iife.min.js", "uplot/LICENSE"];
  const [script, license] = await Promise.all(files.map((file) => readFile(resolve(file), "utf8")));
  await writeFileAtomic(path, await renderReport(report, { script: script!, license: license! }));
}
