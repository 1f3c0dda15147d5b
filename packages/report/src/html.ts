// HTML as values: a template escapes every text that it is given, so that none can become markup by being forgotten.

/** Markup, as `html` makes it. */
export interface Html {
  /** The markup itself. */
  readonly markup: string;
}

/** What a template takes: texts, which it escapes, markup, and lists of them. Nothing is written for `undefined`. */
export type HtmlValue = string | number | Html | undefined | readonly HtmlValue[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function write(value: HtmlValue): string {
  if (value === undefined) return "";
  if (typeof value === "object") return "markup" in value ? value.markup : value.map(write).join("");
  return String(value).replace(/[&<>"']/g, (character) => entities[character]!);
}

/**
 * Markup from a template. Attributes that hold a value stand in double quotes.
 *
 * @example
 * ```ts
 * import { html } from "@hooke/report";
 *
 * console.log(html`<b>${"a < b"}</b>`.markup); // <b>a &lt; b</b>
 * ```
 */
export function html(texts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { markup: texts.reduce((text, next, i) => text + write(values[i - 1]) + next) };
}
