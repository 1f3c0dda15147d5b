// Pages of the reference as typedoc writes them, made readable for more: a plugin of typedoc, named in typedoc.json. Pages get a landmark for what is
// their own, headings that leave no level out, tables that scroll, and a way back to the docs; what is only looked at stands in docs/.vitepress/reference.css.
import { type Application, PageEvent } from "typedoc";

/** Called by typedoc. */
export function load({ renderer }: Pick<Application, "renderer">): void {
  renderer.on(PageEvent.END, (page: { contents?: string }) => {
    page.contents &&= scrollingTables(withoutLinksInSummaries(withLevels(withLandmarks(page.contents))));
  });
}

/** Where the page's own is for those who jump to it, and in the bar at the top a link to the docs, of which the reference is the folder `api`. */
function withLandmarks(html: string): string {
  const base = /<html [^>]*data-base="([^"]*)"/.exec(html)?.[1] ?? "./";
  return html
    .replace('<div class="col-content">', '<div class="col-content" role="main">')
    .replace('<div class="page-menu">', '<div class="page-menu" role="navigation" aria-label="On this page">')
    .replace(
      '<div id="tsd-toolbar-links"></div>',
      `<nav id="tsd-toolbar-links" aria-label="Docs"><a href="${base}../index.html">Docs</a></nav>`,
    );
}

/** A heading that is more than one level below the one before it says to be one below. */
function withLevels(html: string): string {
  /** Levels as they are and as they are said, of the headings that the present one is below. */
  let above: { readonly is: number; readonly said: number }[] = [];
  return html.replaceAll(/<h([1-6])([ >])/g, (all, digit: string, end: string) => {
    const is = Number(digit);
    above = above.filter((heading) => heading.is < is);
    const said = (above.at(-1)?.said ?? 0) + 1;
    above.push({ is, said });
    return said === is ? all : `<h${digit} aria-level="${said}"${end}`;
  });
}

/** A table that is wider than a phone scrolls by itself, by keys too. */
const scrollingTables = (html: string): string =>
  html
    .replaceAll("<table>", '<div class="scrolling" role="group" aria-label="Table" tabindex="0"><table>')
    .replaceAll("</table>", "</table></div>");

/** What opens a section is one control, without another inside. */
const withoutLinksInSummaries = (html: string): string =>
  html.replaceAll(/(<summary class="tsd-accordion-summary" data-key="section-[^>]*>)(.*?)(<\/summary>)/gs, (...parts) =>
    [parts[1], String(parts[2]).replaceAll(/<a [^>]*class="tsd-anchor-icon"[^>]*>.*?<\/a>/gs, ""), parts[3]].join(""),
  );
