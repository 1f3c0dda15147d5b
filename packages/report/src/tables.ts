// Tables as HTML: rows that are named by their first column, numbers aligned by their decimal points.
import { type Html, html } from "./html.ts";
import { formatNumber } from "./numbers.ts";

/** What a cell holds. */
export type Cell = string | number | null;

/** Of a decimal point, in widths of a digit. */
const pointWidth = 0.47;

const digits = (text: string): number => (/^-?[\d,]*\.(\d+)$/.exec(text)?.[1] ?? "").length;

/**
 * A table that scrolls sideways where it is too wide. Columns of numbers are aligned by their decimal points, or at their ends.
 *
 * @param label what it is called by those who hear it
 * @param align of each column. `"end"` is for numbers of several kinds, such as counts above a share: by their points, counts would not stand below the head.
 *   Default `"points"`
 */
export function dataTable(
  label: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  align: readonly ("points" | "end")[] = [],
): Html {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === "string" ? cell : formatNumber(cell))));
  const columns = head.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? null);
    const numeric = column > 0 && cells.every((cell) => typeof cell !== "string" || cell === "");
    return { numeric, digits: Math.max(0, ...texts.map((row) => (numeric ? digits(row[column] ?? "") : 0))) };
  });
  const heads = head.map((cell, i) =>
    columns[i]!.numeric ? html`<th scope="col" class="number">${cell}</th>` : html`<th scope="col">${cell}</th>`,
  );
  const body = texts.map(([first = "", ...rest]) => {
    const cells = rest.map((cell, i) => {
      const column = columns[i + 1]!;
      if (!column.numeric) return html`<td>${cell}</td>`;
      const own = digits(cell);
      // Where the point and what follows it would stand.
      const isByPoint = align[i + 1] !== "end" && column.digits > 0;
      const missing = isByPoint ? column.digits - own + (own === 0 ? pointWidth : 0) : 0;
      return missing === 0
        ? html`<td class="number">${cell}</td>`
        : html`<td class="number" style="--missing:${Number(missing.toFixed(2))}">${cell}</td>`;
    });
    return html`<tr><th scope="row">${first}</th>${cells}</tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}"><table><thead><tr>${heads}</tr></thead><tbody>${body}</tbody></table></div>`;
}
