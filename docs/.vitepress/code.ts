// Lines of code that are longer than the page is wide go on in the next one, indented: nothing is scrolled sideways, and on paper nothing is cut.

import type { MarkdownOptions } from "vitepress";

type Transformer = NonNullable<MarkdownOptions["codeTransformers"]>[number];

/** Tells the style how deep each line is indented: what does not fit goes on from there. */
export const indents: Transformer = {
  name: "indents",
  line(line, number) {
    const depth = /^ */.exec(this.source.split("\n")[number - 1] ?? "")![0].length;
    if (depth > 0) line.properties.style = `--in:${depth}`;
  },
};
