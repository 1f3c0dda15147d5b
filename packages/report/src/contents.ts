// The contents of a report as HTML: facts, warnings, metrics, figures, details. Where they stand is not their affair.
import type { Draw, Drawing } from "./drawing/start-drawing.ts";
import { type Html, html } from "./html.ts";
import { formatNumber } from "./numbers.ts";
import { renderFigure } from "./render-figure.ts";
import { figuresOf, type Report, type ReportMetric, type ReportRow } from "./report.ts";
import { dataTable } from "./tables.ts";

/** What a page or an element shows, and what brings it to life. */
export interface Contents {
  readonly markup: Html;
  /** Each function once. */
  readonly draws: readonly Draw[];
  readonly drawings: readonly Drawing[];
  /** Whether a drawing needs the plotting library. */
  readonly plots: boolean;
}

/** @param level of the report's own heading */
export async function renderContents(report: Report, level: 1 | 2): Promise<Contents> {
  const { title, summary = [], warnings = [], metrics = [], details = [] } = report;
  const figures = await Promise.all(figuresOf(report).map((figure, place) => renderFigure(figure, place, level + 1)));
  const draws = [...new Set(figures.flatMap(({ drawing }) => (drawing ? [drawing.draw] : [])))];
  const section = (name: string, content: Html): Html =>
    html`<section aria-label="${name}"><h${level + 1}>${name}</h${level + 1}>${content}</section>`;
  const groups = details.map((group) => html`<h${level + 2}>${group.title}</h${level + 2}>${renderRows(group.rows)}`);
  const parts = [
    html`<h${level}>${title}</h${level}>`,
    summary.length > 0 ? renderFacts(summary) : undefined,
    warnings.length > 0
      ? section("Worth a look", html`<ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`)
      : undefined,
    metrics.length > 0 ? section("Metrics", renderMetrics(metrics)) : undefined,
    figures.length > 0 ? html`<div class="figures">${figures.map(({ markup }) => markup)}</div>` : undefined,
    details.length > 0 ? section("Details", html`${groups}`) : undefined,
  ];
  return {
    markup: html`${parts.map((part) => (part ? html`${part}\n` : undefined))}`,
    draws,
    drawings: figures.flatMap(({ drawing }, place): Drawing[] =>
      drawing ? [[place, draws.indexOf(drawing.draw), drawing.data]] : [],
    ),
    plots: figures.some(({ plots }) => plots),
  };
}

const show = (value: string | number): string => (typeof value === "number" ? formatNumber(value) : value);

/** What is longer is a sentence: it has a line of its own. */
const shortFact = 40;

function renderFacts(rows: readonly ReportRow[]): Html {
  const facts = rows.map(({ label, value }) => {
    const shown = show(value);
    return html`<div${shown.length > shortFact ? html` class="long"` : undefined}><dt>${label}</dt><dd>${shown}</dd></div>`;
  });
  return html`<dl class="facts">${facts}</dl>`;
}

function renderMetrics(metrics: readonly ReportMetric[]): Html {
  const parts = [...new Set(metrics.flatMap(({ values }) => Object.keys(values)))];
  const rows = metrics.map(({ name, values }) => [
    name,
    ...parts.map((part) => (Object.hasOwn(values, part) ? values[part]! : null)),
  ]);
  return dataTable("metrics", ["metric", ...parts], rows);
}

function renderRows(rows: readonly ReportRow[]): Html {
  const body = rows.map(({ label, value }) => html`<tr><th scope="row">${label}</th><td>${show(value)}</td></tr>`);
  return html`<table class="details"><tbody>${body}</tbody></table>`;
}
