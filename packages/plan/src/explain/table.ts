// Tables as text, and numbers in them.

/** Lines of a table: the columns from `numbers` on are aligned at their right. */
export function tableLines(rows: readonly (readonly string[])[], numbers: number): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows.map((cells) =>
    cells
      .map((cell, i) => (i >= numbers ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Such as `512 B`, `16.4 kB`. */
export function inBytes(count: number): string {
  const power = count < 1e4 ? 0 : Math.min(3, Math.floor(Math.log10(count) / 3));
  return power === 0 ? `${count} B` : `${(count / 1000 ** power).toPrecision(3)} ${["", "kB", "MB", "GB"][power]}`;
}
