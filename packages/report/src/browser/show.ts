// Shows reports and figures in an element of a page, in a shadow root of its own: neither style reaches the other.
import { type Check, checkArgument } from "@hooke/runtime";
import uPlot from "uplot";
import { renderContents } from "../contents.ts";
import { type Draw, type Drawing, startDrawing } from "../drawing/start-drawing.ts";
import type { Figure } from "../kinds.ts";
import { renderFigure } from "../render-figure.ts";
import { checkReport, type Report } from "../report.ts";
import { style } from "../style.ts";
import { patch } from "./patch.ts";

/** A report or a figure in a page. */
export interface Shown<Content> {
  /**
   * Shows it as it is now. What has not changed stays: curves get their new values on the canvas they have, and what the reader zoomed
   * into, switched off, opened or focused remains so. Of updates that follow each other before they are drawn, the last one is.
   *
   * @throws if something in it is not what it should be; what was shown stays
   */
  update(content: Content): Promise<void>;
  /** Takes it away: to be called before the element leaves the page, or shows something else. */
  remove(): void;
}

const isElement: Check = (value) =>
  typeof HTMLElement !== "undefined" && value instanceof HTMLElement ? undefined : "an element of a page";

/**
 * Shows a report in an element, such as a `div`, in place of what it shows of one already.
 *
 * @returns updates the report, such as while a training runs, and takes it away
 * @throws if something in the report is not what it should be
 */
export function showReport(element: HTMLElement, report: Report): Promise<Shown<Report>> {
  return show("showReport", element, report, async (content) => {
    checkReport("showReport", content);
    const { markup, draws, drawings } = await renderContents(content, 2);
    return { markup: markup.markup, draws, drawings };
  });
}

/**
 * Shows one figure in an element, in place of what it shows of one already.
 *
 * @returns updates the figure, and takes it away
 * @throws if something in the figure is not what it should be
 */
export function showFigure(element: HTMLElement, figure: Figure): Promise<Shown<Figure>> {
  return show("showFigure", element, figure, async (content) => {
    checkReport("showFigure", { title: "", figures: [content] });
    const { markup, drawing } = await renderFigure(content, 0, 2);
    return {
      markup: markup.markup,
      draws: drawing ? [drawing.draw] : [],
      drawings: drawing ? [[0, 0, drawing.data]] : [],
    };
  });
}

interface Rendered {
  readonly markup: string;
  readonly draws: readonly Draw[];
  readonly drawings: readonly Drawing[];
}

async function show<Content>(
  who: string,
  element: HTMLElement,
  first: Content,
  render: (content: Content) => Promise<Rendered>,
): Promise<Shown<Content>> {
  checkArgument(who, "the element", element, isElement);
  const { markup, draws, drawings } = await render(first);
  const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style());
  root.adoptedStyleSheets = [sheet];
  const shown = document.createElement("div");
  shown.className = "report";
  shown.innerHTML = markup;
  root.replaceChildren(shown);
  let before = parsed(markup);
  const drawn = startDrawing(shown, draws, drawings, uPlot);
  let turn = 0;
  return {
    async update(content) {
      const mine = ++turn;
      const { markup, draws, drawings } = await render(content);
      if (mine !== turn) return;
      const after = parsed(markup);
      drawn.update(draws, drawings, () => patch(shown, before, after));
      before = after;
    },
    remove() {
      turn++;
      drawn.remove();
      shown.remove();
    },
  };
}

function parsed(markup: string): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = markup;
  return template.content;
}
