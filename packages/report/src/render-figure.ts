// From a figure to HTML: its kind is looked up, what it holds is checked, its kind renders it into a common frame.
import { checkOptions, checks, fail, type OptionTable } from "@hooke/runtime";
import type { Draw } from "./drawing/start-drawing.ts";
import { record, text } from "./expected.ts";
import type { FigureKind, FigureText } from "./figure.ts";
import { type Html, html } from "./html.ts";
import { type Figure, kinds } from "./kinds.ts";

/** A figure as HTML, with what draws it. */
export interface RenderedFigure {
  readonly markup: Html;
  /** Whether the drawing needs the plotting library. */
  readonly plots: boolean;
  readonly drawing?: { readonly draw: Draw; readonly data: unknown };
}

/**
 * @param place its number among the figures of the report
 * @param level of its heading
 */
export async function renderFigure(figure: Figure, place: number, level: number): Promise<RenderedFigure> {
  const { kind: named, ...options } = figure;
  const { title, caption } = options;
  const who = `figure "${title}"`;
  const kind = kindOf(who, named);
  checkOptions<FigureText>(who, options, withText(kind.options));
  const { alternative, body, note = "", below, data } = await kind.render(options, who);
  const drawing = kind.draw && data !== undefined ? { draw: kind.draw, data } : undefined;
  const classes = ["figure", kind.wide ? "wide" : "", kind.plots ? "plotted" : ""].filter((name) => name !== "");
  return {
    markup: html`<section class="${classes.join(" ")}" aria-label="${title}">
<h${level}>${title}</h${level}>
<figure data-place="${place}" aria-label="${alternative}">
<figcaption>${[caption, note].filter((sentence) => sentence !== "").join(" ")}</figcaption>
${body}
</figure>
${below}
</section>`,
    plots: drawing !== undefined && kind.plots === true,
    ...(drawing && { drawing }),
  };
}

function kindOf(who: string, kind: Figure["kind"]): FigureKind<FigureText> {
  if (typeof kind === "object") {
    if (typeof kind.render === "function" && record(kind.options) === undefined) return kind;
    fail(who, "its kind renders nothing; expected a figure from defineFigure.");
  }
  const wrong = checks.oneOf(kind, Object.keys(kinds));
  if (wrong !== undefined) {
    fail(who, `is of kind ${JSON.stringify(kind)}; expected ${wrong}, or a figure from defineFigure.`);
  }
  return kinds[kind] as FigureKind<FigureText>;
}

const withText = ({ required, optional }: OptionTable<object>): OptionTable<FigureText> =>
  ({ required: { ...required, title: text, caption: text }, optional: { ...optional } }) as OptionTable<FigureText>;
