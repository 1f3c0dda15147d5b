/**
 * Reports: a finished training, or another result, as one HTML page that opens anywhere.
 *
 * @packageDocumentation
 */

export { defineFigure } from "./define-figure.ts";
export type { CustomFigure, DrawingKit, Drawn, FigureKind, FigureText, Rendered } from "./figure.ts";
export type { Bar, Bars } from "./figures/bars.ts";
export type { Confusion, ReportConfusion } from "./figures/confusion.ts";
export type { Curves, ReportSeries } from "./figures/curves.ts";
export type { FieldMap } from "./figures/field-map.ts";
export type { HistoryFigure } from "./figures/history.ts";
export type { Parity, ReportParity } from "./figures/parity.ts";
export type { Overlay, Picture } from "./figures/picture.ts";
export type { Cloud, Scatter } from "./figures/scatter.ts";
export type { TableColumn, TableFigure } from "./figures/table.ts";
export { type Html, type HtmlValue, html } from "./html.ts";
export type { Figure, Figures, KnownFigure } from "./kinds.ts";
export type { PaletteName } from "./maps/palettes.ts";
export type { Way } from "./maps/way.ts";
export { formatNumber } from "./numbers.ts";
export { type PlotLibrary, renderReport } from "./page.ts";
export type { Report, ReportMetric, ReportRow } from "./report.ts";
export { type Cell, dataTable } from "./tables.ts";
