// What the search knows of a page: its headings and text, without code, which would be highlighted for nothing; the words that people ask in;
// and which pages count more. Functions for questions are sent to the browser as their source text: they use nothing from outside.

import { asked } from "./asked.ts";

/** The Markdown of a page without its blocks of code. What changed answers nothing. */
export function searchedText(source: string): string {
  return source
    .replace(/^( *)```[\s\S]*?^\1```$/gm, "")
    .replace(/^<<<.*$/gm, "")
    .replace(/^<Changes \/>$/m, "");
}

const left = new Set(Object.keys(asked));

/** A field of a section, as the index asks for it. */
export function fieldOf(section: Readonly<Record<string, string>>, field: string): string | undefined {
  if (field !== "asked") return section[field];
  const name = section.id!.replace(/^\//, "").replace(".html", "");
  left.delete(name);
  return asked[name];
}

/** @throws where there are words for a section that no page has */
export function checkAsked(): void {
  if (left.size > 0) throw new Error(`docs/.vitepress/asked.ts: there is no section ${[...left].join(", ")}`);
}

/** How much a word counts that stands in a field. */
export const boost = { title: 4, titles: 1, text: 2, asked: 6 };

/** How sections are indexed. */
export const indexing = { fields: Object.keys(boost), extractField: fieldOf };

/** A page that was written to answer counts more than one that mentions the word. */
export const boostDocument = (id: string): number => {
  if (/\/(start|handbook|guides)\//.test(id)) return 4;
  return /\/(examples|decisions)\//.test(id) ? 0.5 : 1;
};

/** Of a question in words, those that say what it is about. */
export const processTerm = (term: string): string | null => {
  const word = term.toLowerCase();
  const empty =
    /^(a|an|and|are|at|by|can|do|does|for|from|how|i|in|is|it|much|many|my|of|on|or|should|the|this|to|use|using|we|what|which|with|your)$/;
  return empty.test(word) ? null : word;
};
