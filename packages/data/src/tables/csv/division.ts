// Whether a file is divided into cells as the options say, by its first lines.
import { fail, show } from "@hooke/runtime";
import { parseNumber } from "./numbers.ts";
import type { CsvSettings } from "./options.ts";
import { type Division, type SplitRow, splitRow } from "./split-row.ts";

const delimiters: readonly (readonly [character: string, shown: string])[] = [
  [",", ","],
  [";", ";"],
  ["\t", "\\t"],
  ["|", "|"],
  [" ", "whitespace"],
];

/** Refuses a file that another delimiter divides evenly and the given one does not. */
export function checkDivision(
  bytes: Uint8Array,
  from: number,
  limit: number,
  line: number,
  rows: readonly SplitRow[],
  settings: CsvSettings,
): void {
  if (rows.length === 0) return;
  const counts = rows.map(({ cells }) => cells.length);
  const even = counts.every((count) => count === counts[0]);
  if (even && counts[0]! > 1) return;
  for (const [character, shown] of delimiters) {
    const code = character.charCodeAt(0);
    if (code === settings.delimiter) continue;
    const whitespace = character === " ";
    const division: Division = { ...settings, delimiter: code, whitespace };
    const cells = divided(bytes, from, limit, line, division, rows.length);
    const width = cells?.[0]?.length ?? 0;
    if (cells === undefined || width < 2 || cells.length < rows.length) continue;
    if (cells.some((row) => row.length !== width)) continue;
    // Words are divided by blanks too; numbers are not.
    const values = cells.slice(1);
    const numeric =
      values.length > 0 && values.every((row) => row.every((cell) => parseNumber(cell, settings) !== undefined));
    if (whitespace && !numeric) continue;
    const comma = character !== "," && values.some((row) => row.some((cell) => /^[+-]?\d+,\d+$/.test(cell)));
    const own = settings.whitespace ? "blanks give" : `${show(String.fromCharCode(settings.delimiter))} gives`;
    const other = whitespace ? "blanks give" : `"${shown}" gives`;
    failDelimiter(
      settings.source,
      shown,
      `${own} its first line ${counts[0]} cell${counts[0] === 1 ? "" : "s"}, ${other} every line ${width}`,
      comma && settings.decimal === "." ? ', decimal: ","' : "",
    );
  }
}

function divided(
  bytes: Uint8Array,
  from: number,
  limit: number,
  firstLine: number,
  division: Division,
  count: number,
): (readonly string[])[] | undefined {
  const rows: (readonly string[])[] = [];
  try {
    for (let at = from, line = firstLine; rows.length < count; ) {
      const row = splitRow(bytes, at, limit, line, division);
      if (row === undefined) break;
      rows.push(row.cells);
      at = row.next;
      line = row.nextLine;
    }
  } catch {
    // Quotes that make no sense: not this delimiter.
    return undefined;
  }
  return rows;
}

export function failDelimiter(source: string, shown: string, why: string, more = ""): never {
  return fail(
    source,
    `another delimiter divides this file: ${why}; pass delimiter: "${shown}"${more}.`,
    "invalid-data",
  );
}
