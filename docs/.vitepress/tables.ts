// Cells in the head of a table that say nothing are no headings of columns, for those who hear a page.

import type { MarkdownRenderer } from "vitepress";

/** What is used of a token of Markdown. */
interface Token {
  readonly type: string;
  readonly content: string;
  tag: string;
}

export function withoutEmptyHeads(tokens: readonly Token[]): void {
  for (const [i, { type }] of tokens.entries()) {
    if (type === "th_open" && tokens[i + 1]!.content === "") tokens[i]!.tag = tokens[i + 2]!.tag = "td";
  }
}

export function tables(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("tables", ({ tokens }) => withoutEmptyHeads(tokens));
}
