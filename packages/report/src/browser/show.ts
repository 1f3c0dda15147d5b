// Shows reports and figures in an element of a page, in a shadow root of its own: neither style reaches the other.
import { type Check, checkArgument } from "@hooke/runtime";
import uPlot from "uplot";
import { renderContents } from "../contents.ts";
import { type Draw, startDrawing } from "../drawing/start-drawing.ts";
import type { Figure } from "../kinds.ts";
import { renderFigure } from "../render-figure.ts";
import { checkReport, type Report } from "../report.ts";
import { style } from "../style.ts";

const isElement: Check = (value) =>
  typeof HTMLElement !== "undefined" && value instanceof HTMLElement ? undefined : "an element of a page";

/**
 * Shows a report in an element, such as a `div`, in place of what it shows of one already.
 *
 * @returns takes the report away again: call it before the element leaves the page, or shows another
 * @throws if something in the report is not what it should be
 */
export async function showReport(element: HTMLElement, report: Report): Promise<() => void> {
  checkArgument("showReport", "the element", element, isElement);
  checkReport("showReport", report);
  const { markup, draws, drawings } = await renderContents(report, 2);
  return show(element, markup.markup, (root) => startDrawing(root, draws, drawings, uPlot));
}

/**
 * Shows one figure in an element, in place of what it shows of one already.
 *
 * @returns takes the figure away again: call it before the element leaves the page, or shows another
 * @throws if something in the figure is not what it should be
 */
export async function showFigure(element: HTMLElement, figure: Figure): Promise<() => void> {
  checkArgument("showFigure", "the element", element, isElement);
  checkReport("showFigure", { title: "", figures: [figure] });
  const { markup, drawing } = await renderFigure(figure, 0, 2);
  const [draws, drawings] = drawing ? [[drawing.draw], [[0, 0, drawing.data] as const]] : [[] as Draw[], []];
  return show(element, markup.markup, (root) => startDrawing(root, draws, drawings, uPlot));
}

function show(element: HTMLElement, markup: string, start: (root: ParentNode) => () => void): () => void {
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style());
  root.adoptedStyleSheets = [sheet];
  const content = document.createElement("div");
  content.className = "report";
  content.innerHTML = markup;
  root.replaceChildren(content);
  const stop = start(content);
  return () => {
    stop();
    content.remove();
  };
}
