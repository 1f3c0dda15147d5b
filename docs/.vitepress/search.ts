// What the search knows of a page: its headings and text, without code, which would be highlighted for nothing; and which pages count more.

/** The Markdown of a page without its blocks of code. */
export function searchedText(source: string): string {
  return source.replace(/^( *)```[\s\S]*?^\1```$/gm, "").replace(/^<<<.*$/gm, "");
}

/** A page that was written to answer counts more than one that mentions the word. It is sent to the browser as its source text. */
export const boostDocument = (id: string): number => {
  if (/\/(start|handbook|guides)\//.test(id)) return 4;
  return /\/(examples|decisions)\//.test(id) ? 0.5 : 1;
};
