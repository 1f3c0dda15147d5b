// Records as CSV.

/** What is known of a row, by name. */
export type Row = Readonly<Record<string, string | number>>;

/** A line of names, and one for each record. @param records of the same names */
export function csvOf(records: readonly Row[]): string {
  const heads = Object.keys(records[0] ?? {});
  return [heads, ...records.map((record) => heads.map((name) => record[name]!))]
    .map((cells) => `${cells.map(cellOf).join(",")}\n`)
    .join("");
}

const cellOf = (cell: string | number): string => {
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
