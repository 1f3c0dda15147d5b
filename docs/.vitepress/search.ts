// What the search knows of a page: its headings and text, without code, which would be highlighted for nothing.

/** The Markdown of a page without its blocks of code. */
export function searchedText(source: string): string {
  return source.replace(/^( *)```[\s\S]*?^\1```$/gm, "").replace(/^<<<.*$/gm, "");
}
