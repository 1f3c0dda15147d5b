// Code that is longer than the page is wide goes on in the next line: blocks indented, so that nothing is scrolled sideways and on paper nothing
// is cut; code in tables where one of its words begins.

import type { MarkdownOptions, MarkdownRenderer } from "vitepress";

type Transformer = NonNullable<MarkdownOptions["codeTransformers"]>[number];

/** Tells the style how deep each line is indented: what does not fit goes on from there. */
export const indents: Transformer = {
  name: "indents",
  line(line, number) {
    const depth = /^ */.exec(this.source.split("\n")[number - 1] ?? "")![0].length;
    if (depth > 0) line.properties.style = `--in:${depth}`;
  },
};

/** The HTML of code within text, which may break in tables behind dots and brackets and between words, as in `metrics.confusionMatrix`. */
export const withBreaks = (html: string): string =>
  html.replace(/(?<=>)[^<]+/, (text) => text.replace(/(?<=[a-z\d])(?=[A-Z])|(?<=[.(_/=:,])(?=[A-Za-z&])/g, "<wbr>"));

export function breaks(markdown: MarkdownRenderer): void {
  const render = markdown.renderer.rules.code_inline!;
  markdown.renderer.rules.code_inline = (...token) => withBreaks(render(...token));
}
