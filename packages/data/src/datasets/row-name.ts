// Rows as error messages name them.

/** `line 7` where rows come from a file, `row 5` (counted from 0) where not. */
export function rowName(row: number, lines?: Int32Array): string {
  return lines === undefined ? `row ${row}` : `line ${lines[row]}`;
}
