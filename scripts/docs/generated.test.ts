// What the site makes of other files: changesets become lists of changes, tables of ratios become plots, code breaks between words.
import { expect, test } from "vitest";
import { listChanges, readChange } from "../../docs/.vitepress/changes.ts";
import { withBreaks } from "../../docs/.vitepress/code.ts";
import { ratiosOf, withPlots } from "../../docs/.vitepress/plots.ts";
import { relativePage } from "../../docs/.vitepress/sub-path.ts";
import { withoutEmptyHeads } from "../../docs/.vitepress/tables.ts";

test("changes stand under the package that they name first, which links to the others", () => {
  const changes = [
    readChange("a.md", '---\n"@hooke/data": minor\n"@hooke/io": patch\n---\n\nReads dates.\n\nAnd times.\n'),
    readChange("b.md", '---\n"@hooke/core": minor\n---\n\nNew: `adam`.\n'),
  ];
  expect(listChanges(changes, (name) => `#${name}`)).toBe(
    "### core\n\n- New: `adam`.\n\n### data\n\n- Reads dates.\n\n  And times. (also [io](#io))\n",
  );
});

test("a changeset without a package is refused", () => {
  expect(() => readChange("a.md", "New: `adam`.")).toThrow("a.md: names no package; write it by");
});

const table = `|                  | Hooke | PyTorch 2.13 | JAX          |
| ---------------- | ----: | -----------: | -----------: |
| training step    |   1.0 |  4.0 (0.25x) |            - |
| \`train\`, inside  |   2.0 |            - |            - |
| product          |   3.0 |  1.0 (3.0x)  | 1.5 (2.0x)   |`;

test("ratios of a table are those of the columns and rows that have some", () => {
  expect(ratiosOf(table)).toEqual({
    peers: ["PyTorch 2.13", "JAX"],
    rows: [
      { name: "training step", ratios: [0.25, undefined] },
      { name: "product", ratios: [3, 2] },
    ],
  });
  expect(ratiosOf("| a | b |\n| - | - |\n| 1 | 2 |")).toBeUndefined();
});

test("a plot stands above its table, with the date and the machine that were named last", () => {
  const [dated, plot, after] = withPlots(`2026-11-30, AMD EPYC,\n2 cores; medians.\n\n${table}`).split("\n\n");
  expect([dated, after]).toEqual(["2026-11-30, AMD EPYC,\n2 cores; medians.", table]);
  expect(plot).toContain("2026-11-30, AMD EPYC, 2 cores.");
  // From 0.1 to 10, 0.25 is at 0.2 of the axis, 1 in its middle.
  expect(plot).toContain('style="left:19.9%" title="PyTorch 2.13: 0.25"');
  expect(plot).toContain('class="tick one" style="left:50.0%"');
});

test("a page asks where it is after what it knows of the site, whatever functions in that say", () => {
  const data = `<script>window.__VP_SITE_DATA__=deserializeFunctions(JSON.parse("{\\"f\\":\\"x.replace(\\\\\\"a\\\\\\", \\\\\\"\\\\\\");\\"}"));</script>`;
  expect(relativePage(data, "guides/csv.html")).toBe(
    data.replace('"));<', () => '"));__VP_SITE_DATA__.base=new URL("../",location.href).pathname;<'),
  );
});

test("code within text breaks where its words begin, and nowhere in what stands for a character", () => {
  expect(withBreaks("<code v-pre>metrics.confusionMatrix</code>")).toBe(
    "<code v-pre>metrics.<wbr>confusion<wbr>Matrix</code>",
  );
  expect(withBreaks("<code>a({ b: 0.01, c: &quot;x_y&quot; })</code>")).toBe(
    "<code>a({ b: 0.01, c: &quot;x_<wbr>y&quot; })</code>",
  );
});

test("a cell of a table's head that says nothing is no heading", () => {
  const cell = (content: string) =>
    ["th_open", "inline", "th_close"].map((type) => ({ type, tag: "th", content: type === "inline" ? content : "" }));
  const tokens = [...cell(""), ...cell("RMSE")];
  withoutEmptyHeads(tokens);
  expect(tokens.map(({ tag }) => tag)).toEqual(["td", "th", "td", "th", "th", "th"]);
});
