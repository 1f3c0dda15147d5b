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

/** How long cells may be, tried one after the other where there is no room for all columns. */
const cellLengths = [Number.POSITIVE_INFINITY, 40, 30, 20];

/** What is too long loses its middle: names often differ at their end. */
const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, Math.ceil(most / 2) - 1)}…${text.slice(-Math.floor(most / 2))}`;

/**
 * Rows of cells in columns that fit a width: the first column left, the others right. Where there is no room, long cells are shortened, and then columns left out
 * from the end, which the last line says.
 */
export function tableText(heads: readonly string[], rows: readonly (readonly string[])[], columns = 100): string[] {
  let shown: string[][] = [];
  let widths: number[] = [];
  const widthOf = (count: number): number => widths.slice(0, count).reduce((sum, width) => sum + width + 2, -2);
  for (const most of cellLengths) {
    shown = [heads, ...rows].map((cells) => cells.map((cell) => shortened(cell, most)));
    widths = heads.map((_, i) => Math.max(...shown.map((cells) => cells[i]!.length)));
    if (widthOf(heads.length) <= columns) break;
  }
  let fitting = heads.length;
  while (fitting > 2 && widthOf(fitting) > columns) fitting--;
  const line = (cells: readonly string[]): string =>
    cells
      .slice(0, fitting)
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  const left = heads.slice(fitting);
  const note = left.length > 0 ? wrapped(`(no room for: ${left.join(", ")})`, columns).split("\n") : [];
  return [...shown.map(line), ...note];
}

/** The narrowest text beside a name: below, it stands under it. */
const leastBeside = 30;

/** A name, and beside it what it does, or where there is little room, below. */
export function entryText(name: string, does: string, columns: number): string {
  const room = columns - name.length - 4;
  const beside = room >= leastBeside;
  const indent = " ".repeat(beside ? name.length + 4 : 6);
  const text = wrapped(does, columns - indent.length)
    .split("\n")
    .map((line, i) => (i === 0 ? line : line.slice(2)))
    .join(`\n${indent}`);
  return beside ? `  ${name}  ${text}` : `  ${name.trimEnd()}\n${indent}${text}`;
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
