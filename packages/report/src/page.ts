// The HTML of a report: everything inside one file, so that it opens offline, can be mailed, and looks the same in ten years.
import { type Chart, formatNumber, historyChart, lineChart, parityCharts } from "./charts.ts";
import { confusionTable } from "./confusion.ts";
import { drawCharts } from "./draw.ts";
import type { Report, ReportConfusion, ReportMetric, ReportParity, ReportRow } from "./report.ts";
import { style } from "./style.ts";

/** The plotting library's files as text. */
export interface PlotLibrary {
  readonly script: string;
  readonly style: string;
  /** Its licence, which a copy must carry. */
  readonly license: string;
}

const maxTableRows = 200;
const maxResiduals = 10;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);
const show = (value: string | number): string => escapeHtml(typeof value === "number" ? formatNumber(value) : value);

/** JSON inside a script element: seven digits are more than a plot shows, and no `<` may end the element early. */
const scriptJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" ? Number(item.toPrecision(7)) : item,
  ).replaceAll("<", "\\u003c");

/** The whole page. */
export function renderReport(report: Report, library: PlotLibrary): string {
  const { title, summary, metrics, charts = [], parity = [], confusion = [], warnings = [], details } = report;
  const { quantity = "value" } = report;
  const curves = [...(report.history ? [historyChart(report.history)] : []), ...charts.map(lineChart)];
  const scatter = parity.length > 0 ? parityCharts(parity, quantity) : [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${library.style}${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${renderFacts(summary)}
${renderWarnings(warnings)}
${renderMetrics(metrics)}
${renderFigures(curves, valueTable)}
${renderFigures(scatter, () => "")}
${parity.length > 0 ? renderResiduals(parity, quantity) : ""}
${renderConfusion(confusion)}
<section aria-labelledby="details">
<h2 id="details">Details</h2>
${details.map(({ title, rows }) => `<h3>${escapeHtml(title)}</h3>\n${renderRows(rows)}`).join("\n")}
</section>
</main>
<!-- Plots: uPlot.
${library.license.replaceAll("--", "- -")}-->
<script>${library.script}</script>
<script>(${String(drawCharts)})(uPlot, ${scriptJson([...curves, ...scatter])});</script>
</body>
</html>
`;
}

function renderFacts(rows: readonly ReportRow[]): string {
  const facts = rows.map(({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${show(value)}</dd></div>`);
  return rows.length === 0 ? "" : `<dl class="facts">${facts.join("")}</dl>`;
}

function renderWarnings(warnings: readonly string[]): string {
  if (warnings.length === 0) return "";
  const items = warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`);
  return `<section aria-labelledby="warnings"><h2 id="warnings">Worth a look</h2><ul>${items.join("")}</ul></section>`;
}

function renderConfusion(parts: readonly ReportConfusion[]): string {
  if (parts.length === 0) return "";
  const tables = parts.map((part) => {
    const { head, rows } = confusionTable(part);
    return `<h3>${escapeHtml(part.label)}</h3>\n${renderTable(head, rows)}`;
  });
  return `<section aria-labelledby="confusion"><h2 id="confusion">Actual against predicted classes</h2>
<p class="note">Rows are actual classes, columns predicted ones; recall is the share of a class that was found, precision the share of a prediction that is right.</p>
${tables.join("\n")}</section>`;
}

function renderMetrics(metrics: readonly ReportMetric[]): string {
  if (metrics.length === 0) return "";
  const parts = [...new Set(metrics.flatMap(({ values }) => Object.keys(values)))];
  const rows = metrics.map(({ name, values }) => [
    name,
    ...parts.map((part) => formatNumber(Object.hasOwn(values, part) ? values[part]! : null)),
  ]);
  return `<section aria-labelledby="metrics"><h2 id="metrics">Metrics</h2>${renderTable(["metric", ...parts], rows)}</section>`;
}

function renderRows(rows: readonly ReportRow[]): string {
  const body = rows.map(
    ({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${show(value)}</td></tr>`,
  );
  return `<table class="details"><tbody>${body.join("")}</tbody></table>`;
}

/** A table whose first column names the row and whose others are numbers. */
function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = (index: number): string => (index === 0 ? "" : ' class="number"');
  const headCells = head.map((cell, i) => `<th scope="col"${numeric(i)}>${escapeHtml(cell)}</th>`).join("");
  const bodyRows = rows.map(([first = "", ...rest]) => {
    const cells = rest.map((cell) => `<td class="number">${escapeHtml(cell)}</td>`).join("");
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="table"><table><thead><tr>${headCells}</tr></thead><tbody>${bodyRows.join("")}</tbody></table></div>`;
}

/** Side by side where there is room. */
function renderFigures(charts: readonly Chart[], table: (chart: Chart) => string): string {
  if (charts.length === 0) return "";
  return `<div class="pair">${charts.map((chart) => renderFigure(chart, table(chart))).join("\n")}</div>`;
}

function renderFigure({ id, title, caption, kind, series }: Chart, table: string): string {
  const legend = series.map(({ label }, index) => {
    const shape = kind === "scatter" ? " dot" : index % 2 === 1 ? " dashed" : "";
    const swatch = `<span class="swatch${shape}" style="--swatch: var(--series-${(index % 4) + 1})"></span>`;
    return `<button type="button" aria-pressed="true">${swatch}${escapeHtml(label)}</button>`;
  });
  return `<section aria-labelledby="${id}-title">
<h2 id="${id}-title">${escapeHtml(title)}</h2>
<figure id="${id}">
<figcaption>${escapeHtml(caption)}</figcaption>
<div class="legend" role="group" aria-label="Series shown">${legend.join("")}</div>
<div class="plot" tabindex="0" role="group" aria-roledescription="chart" aria-label="${escapeHtml(`${title}. ${caption} Left and right arrow keys read the values.`)}"></div>
<p class="readout" aria-live="polite"></p>
</figure>
${table}
</section>`;
}

function valueTable({ xLabel, x, series }: Chart): string {
  const step = Math.ceil(x.length / maxTableRows);
  const rows = x.flatMap((at, i) =>
    i % step === 0 || i === x.length - 1
      ? [[String(Number(at.toPrecision(7))), ...series.map(({ values }) => formatNumber(values[i]!))]]
      : [],
  );
  const note = step > 1 ? ` (one row in ${step})` : "";
  return `<details><summary>The same as a table${note}</summary>${renderTable([xLabel, ...series.map(({ label }) => label)], rows)}</details>`;
}

/** The rows the model is most wrong about, across all parts: what the two plots show, for reading. */
function renderResiduals(parity: readonly ReportParity[], quantity: string): string {
  const worst = parity
    .flatMap(({ label, actual, predicted }) =>
      Array.from(actual, (value, row) => ({
        label,
        actual: value,
        predicted: predicted[row]!,
        residual: predicted[row]! - value,
      })),
    )
    .sort((a, b) => Math.abs(b.residual) - Math.abs(a.residual))
    .slice(0, maxResiduals)
    .map((row) => [row.label, ...[row.actual, row.predicted, row.residual].map(formatNumber)]);
  const head = ["part", `actual ${quantity}`, "predicted", "residual"];
  return `<details><summary>The ${worst.length} largest residuals</summary>${renderTable(head, worst)}</details>`;
}
