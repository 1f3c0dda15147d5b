// Formulas between dollars become MathML, which browsers show and screen readers read: no script, no font.

import temml from "temml";
import type { MarkdownRenderer } from "vitepress";

const render = (formula: string, displayMode: boolean): string =>
  temml.renderToString(formula, { displayMode, throwOnError: true, xml: false });

/** `$...$` within a line, and `$$` alone in the lines before and after a formula of its own. */
export function math(markdown: MarkdownRenderer): void {
  markdown.inline.ruler.after("escape", "math", (state, silent) => {
    const found = /^\$(?![\s$])((?:\\.|[^\\$])+?)(?<!\s)\$(?!\d)/.exec(state.src.slice(state.pos));
    if (!found) return false;
    if (!silent) state.push("math_inline", "math", 0).content = found[1]!;
    state.pos += found[0].length;
    return true;
  });
  markdown.block.ruler.after(
    "blockquote",
    "math",
    (state, start, end, silent) => {
      const line = (at: number): string => state.src.slice(state.bMarks[at]! + state.tShift[at]!, state.eMarks[at]!);
      if (line(start).trim() !== "$$") return false;
      let last = start + 1;
      while (last < end && line(last).trim() !== "$$") last++;
      if (last === end) throw new Error(`a formula begins in line ${start + 1} and never ends; add a line with $$`);
      if (silent) return true;
      const token = state.push("math_block", "math", 0);
      token.content = state.getLines(start + 1, last, 0, false);
      state.line = last + 1;
      return true;
    },
    { alt: ["paragraph", "reference", "blockquote", "list"] },
  );
  markdown.renderer.rules.math_inline = (tokens, at) => render(tokens[at]!.content, false);
  markdown.renderer.rules.math_block = (tokens, at) =>
    `<div class="formula" tabindex="0">${render(tokens[at]!.content, true)}</div>\n`;
}
