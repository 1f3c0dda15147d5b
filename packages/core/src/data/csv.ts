// CSV text to rows of cells (RFC 4180: quotes, doubled quotes, line breaks inside quotes; any line ending), each with its line number.
import { fail } from "@hooke/runtime";

/** One row of cells and the 1-based line of the file it begins on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Splits CSV text into rows. Blank lines are skipped; a byte order mark at the start is ignored.
 *
 * @param who the speaker of errors: the file's name
 * @throws on a quote that is never closed and on text after a closing quote, with the line
 */
export function splitCsv(text: string, delimiter: string, who: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let start = 1;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  const isEnd = (position: number): boolean => {
    const character = text[position];
    return character === undefined || character === delimiter || character === "\n" || character === "\r";
  };

  const readQuoted = (): string => {
    const opened = line;
    let value = "";
    for (at++; ; at++) {
      const character = text[at];
      if (character === undefined) {
        fail(who, `the quote opened on line ${opened} is never closed; close it, or write a literal quote as "".`);
      }
      if (character === '"') {
        if (text[at + 1] !== '"') break;
        at++;
      } else if (character === "\n" || (character === "\r" && text[at + 1] !== "\n")) {
        line++;
      }
      value += character;
    }
    at++;
    if (!isEnd(at)) {
      fail(
        who,
        `line ${line} has text after a closing quote; write "${delimiter}" there, or a literal quote inside the cell as "".`,
      );
    }
    return value;
  };

  while (at < text.length) {
    if (text[at] === '"') {
      cells.push(readQuoted());
    } else {
      const from = at;
      while (!isEnd(at)) at++;
      cells.push(text.slice(from, at));
    }
    if (text[at] === delimiter) {
      at++;
      if (at < text.length) continue;
      cells.push("");
    }
    if (text[at] === "\r" && text[at + 1] === "\n") at++;
    at++;
    line++;
    const blank = cells.length === 1 && cells[0]!.trim() === "";
    if (!blank) rows.push({ line: start, cells });
    cells = [];
    start = line;
  }
  return rows;
}
