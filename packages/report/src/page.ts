// The page of a report: everything inside one file, so that it opens offline, can be mailed, and looks the same in ten years.
import { checkArgument, fail } from "@hooke/runtime";
import { renderContents } from "./contents.ts";
import { startDrawing } from "./drawing/start-drawing.ts";
import { record, text } from "./expected.ts";
import { type Html, html } from "./html.ts";
import { checkReport, type Report } from "./report.ts";
import { pageStyle, style } from "./style.ts";

/** The plotting library (uPlot) as text. */
export interface PlotLibrary {
  /** `dist/uPlot.iife.min.js` of the package. */
  readonly script: string;
  /** Its licence, which a copy must carry. */
  readonly license: string;
}

/**
 * The whole page as text, in Node and in browsers. It loads nothing, and allows itself nothing but its own styles, scripts and
 * pictures. In Node, `writeReport` of `@hooke/report/node` knows the library.
 *
 * @param library is written into pages whose figures plot: curves, scatter, parity, residuals
 * @throws if something in the report is not what it should be, or a figure plots and there is no library
 */
export async function renderReport(report: Report, library?: PlotLibrary): Promise<string> {
  checkReport("renderReport", report);
  if (library !== undefined) {
    checkArgument("renderReport", "the plotting library", library, record);
    checkArgument("renderReport", "the plotting library's script", library.script, text);
    checkArgument("renderReport", "the plotting library's licence", library.license, text);
  }
  const { markup, draws, drawings, plots } = await renderContents(report, 1);
  if (plots && !library) {
    fail(
      "renderReport",
      "a figure plots, and there is no plotting library; pass uPlot's script and licence as the second argument.",
      "unavailable",
    );
  }
  const scripts =
    drawings.length === 0
      ? undefined
      : html`${plots ? libraryOf(library!) : undefined}<script>${raw(
          `(${sourceOf(startDrawing)})(document, [${draws.map(sourceOf).join(", ")}], ${scriptJson(drawings)}, ${plots ? "uPlot" : "undefined"});`,
        )}</script>\n`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${report.title}</title>
<style>${raw(pageStyle + style())}</style>
</head>
<body>
<main class="report">
${markup}</main>
${scripts}</body>
</html>
`.markup;
}

const raw = (markup: string): Html => ({ markup });

const libraryOf = ({ script, license }: PlotLibrary): Html => html`<!-- Plots: uPlot.
${raw(license.replaceAll("--", "- -"))}-->
<script>${raw(script)}</script>
`;

/** The source text of a function as an expression. Methods are written without `function`; nothing may end the element early. */
export function sourceOf(given: unknown): string {
  const source = String(given);
  const expression = /^(?:function\b|\(|[\w$]+\s*=>)/.test(source) ? source : `function ${source}`;
  return expression.replace(/<(?=\/script|!--)/gi, "<\\");
}

/** JSON inside a script element: seven digits, or whole numbers, are more than a plot shows, and no `<` may end the element early. */
const scriptJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isInteger(item) ? Number(item.toPrecision(7)) : item,
  ).replaceAll("<", "\\u003c");
