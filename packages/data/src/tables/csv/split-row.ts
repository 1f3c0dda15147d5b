// One row of cells as texts: for the first lines of a file and for messages. Rows of values go through `readRows`.
import { fail } from "@hooke/runtime";
import { decodeCell } from "./dictionary.ts";
import type { CsvSettings } from "./options.ts";

const [newline, carriage, quote, space, tab] = [10, 13, 34, 32, 9] as const;

/** A row, and where the next one begins. */
export interface SplitRow {
  readonly cells: readonly string[];
  /** Line of the file, from 1. */
  readonly line: number;
  readonly next: number;
  readonly nextLine: number;
}

/** How cells are divided. */
export type Division = Pick<CsvSettings, "source" | "delimiter" | "whitespace" | "comment">;

export const isBlank = (byte: number): boolean => byte === space || byte === tab;

/** Whether the line at `at` begins with the mark of comments. */
export function isComment(bytes: Uint8Array, at: number, mark: Uint8Array): boolean {
  if (mark.length === 0) return false;
  for (let i = 0; i < mark.length; i++) if (bytes[at + i] !== mark[i]) return false;
  return true;
}

/**
 * The first row from `from` on; blank lines and comments are skipped.
 *
 * @returns undefined where the bytes end first
 */
export function splitRow(
  bytes: Uint8Array,
  from: number,
  limit: number,
  firstLine: number,
  { source, delimiter, whitespace, comment }: Division,
): SplitRow | undefined {
  let at = from;
  let line = firstLine;
  const where = (): string => `${source}: line ${line}`;
  const divides = (byte: number): boolean => (whitespace ? isBlank(byte) : byte === delimiter);
  const ends = (position: number): boolean =>
    position >= limit || bytes[position] === newline || bytes[position] === carriage;
  const pass = (): void => {
    if (bytes[at] === carriage && bytes[at + 1] === newline) at++;
    at++;
    line++;
  };

  for (;;) {
    let first = at;
    while (first < limit && isBlank(bytes[first]!) && (whitespace || bytes[first] !== delimiter)) first++;
    if (first >= limit) return undefined;
    if (ends(first)) {
      at = first;
      pass();
    } else if (isComment(bytes, first, comment)) {
      while (!ends(at)) at++;
      if (at >= limit) return undefined;
      pass();
    } else {
      break;
    }
  }

  const start = line;
  const cells: string[] = [];
  for (;;) {
    while (at < limit && isBlank(bytes[at]!) && (whitespace || bytes[at] !== delimiter)) at++;
    if (whitespace && cells.length > 0 && ends(at)) break;
    if (bytes[at] === quote) {
      let text = "";
      at++;
      for (let begin = at; ; ) {
        if (at >= limit) return undefined;
        if (bytes[at] !== quote) {
          if (bytes[at] === newline || (bytes[at] === carriage && bytes[at + 1] !== newline)) line++;
          at++;
          continue;
        }
        text += decodeCell(bytes, begin, at, where);
        at++;
        if (bytes[at] !== quote) break;
        begin = at++;
      }
      cells.push(text.trim());
      while (at < limit && isBlank(bytes[at]!) && !divides(bytes[at]!)) at++;
      if (!ends(at) && !divides(bytes[at]!)) failAfterQuote(source, line, start);
    } else {
      const begin = at;
      while (!ends(at) && !divides(bytes[at]!)) at++;
      // Bytes may end inside a character.
      if (at >= limit) return undefined;
      cells.push(decodeCell(bytes, begin, at, where).trim());
    }
    if (at >= limit) return undefined;
    if (ends(at)) break;
    at++;
  }
  pass();
  return { cells, line: start, next: at, nextLine: line };
}

export function failAfterQuote(source: string, line: number, opened: number): never {
  const where = opened === line ? "" : ` of the cell that begins on line ${opened}`;
  return fail(
    source,
    `line ${line} has text after the closing quote${where}; write the delimiter there, or a literal quote inside the cell as "".`,
    "invalid-data",
  );
}
