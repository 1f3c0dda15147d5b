// Tables of text: columns aligned, the last one free.

/** A number with as many digits as one reads. */
export function formatted(value: number): string {
  const size = Math.abs(value);
  if (value === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(4)));
  return value.toExponential(2);
}

/** Rows under a head. Numbers stand to the right, the first and the last column to the left. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  const left = (i: number): boolean => i === 0 || Number.isNaN(Number(rows[0]?.[i] ?? 0));
  return all
    .map((row) =>
      row
        .map((cell, i) => (left(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
