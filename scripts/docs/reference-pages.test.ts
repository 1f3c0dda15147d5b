// What the plugin makes of a page of typedoc.
import { expect, it } from "vitest";
import { load } from "./reference-pages.ts";

function mended(contents: string): string {
  const page = { contents };
  load({ renderer: { on: (_event: unknown, handle: (page: object) => void) => handle(page) } } as never);
  return page.contents;
}

it("names what is the page's own, and leads back to the docs from any depth", () => {
  const html = mended('<html data-base="../../"><div id="tsd-toolbar-links"></div><div class="col-content">');
  expect(html).toContain('<a href="../../../index.html">Docs</a>');
  expect(html).toContain('<div class="col-content" role="main">');
});

it("leaves out no level of headings, and says the level of those below alike", () => {
  const levels = mended("<h1>a</h1><h4>b</h4><h4 class='c'>c</h4><h5>d</h5><h2>e</h2><h3>f</h3>");
  expect(levels).toBe(
    `<h1>a</h1><h4 aria-level="2">b</h4><h4 aria-level="2" class='c'>c</h4><h5 aria-level="3">d</h5><h2>e</h2><h3>f</h3>`,
  );
});

it("has one control in what opens a section, and tables that scroll", () => {
  const summary = '<summary class="tsd-accordion-summary" data-key="section-Types">';
  expect(mended(`${summary}<b>Types<a href="#t" class="tsd-anchor-icon"><svg/></a></b></summary>`)).toBe(
    `${summary}<b>Types</b></summary>`,
  );
  expect(mended("<table></table>")).toMatch(/^<div class="scrolling" [^>]*tabindex="0"><table><\/table><\/div>$/);
});
