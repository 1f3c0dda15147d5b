// What a terminal needs: a line of progress that is rewritten, and tables that fit.
import type { Streams } from "./command.ts";

const interval = 100;

/** A line that shows how far work is, on terminals alone. */
export interface StatusLine {
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

export function statusLine({ messages }: Streams): StatusLine {
  let shownAt = Number.NEGATIVE_INFINITY;
  if (messages.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  return {
    show(text) {
      if (performance.now() - shownAt < interval) return;
      shownAt = performance.now();
      messages.write(`\r\x1b[2K${text.slice(0, (messages.columns ?? 80) - 1)}`);
    },
    clear: () => void messages.write("\r\x1b[2K"),
  };
}

/**
 * Rows of cells in columns that fit a width: the first column left, the others right; columns are left out from the end where there is no
 * room, which the last line says.
 */
export function tableText(heads: readonly string[], rows: readonly (readonly string[])[], columns = 100): string[] {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  let fitting = heads.length;
  const widthOf = (count: number): number => widths.slice(0, count).reduce((sum, width) => sum + width + 2, -2);
  while (fitting > 2 && widthOf(fitting) > columns) fitting--;
  const line = (cells: readonly string[]): string =>
    cells
      .slice(0, fitting)
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const left = heads.slice(fitting);
  return [heads, ...rows].map(line).concat(left.length > 0 ? [`(no room for: ${left.join(", ")})`] : []);
}

/** Sentences as lines of a width, indented after the first. */
export function wrapped(text: string, columns = 100): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}
