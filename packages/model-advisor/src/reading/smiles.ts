// Columns that look like molecules written as SMILES.
import type { Table } from "@hooke/data";

/** Different molecules from which on a column is taken for one of them. */
const fewest = 8;

/** Atoms that need no brackets, atoms in brackets, bonds, branches, rings. */
const form = /^(?:Br|Cl|[BCNOPSFIbcnops]|\[[A-Za-z0-9@+\-:*]+\]|[-=#$:./\\~()]|%\d\d|\d)+$/;
/** What chemical formulae and names of grades do not have. */
const structure = /[()[\]=#]|[cnos]/;

/** The first column of text in which every cell looks like SMILES; undefined where there is none. */
export function smilesColumn({ columns }: Table, left: ReadonlySet<string>): string | undefined {
  const found = columns.find((column) => {
    if (column.type !== "text" || left.has(column.name)) return false;
    const cells = column.values.map((cell) => cell.trim());
    if (new Set(cells).size < fewest || !cells.every(isSmiles)) return false;
    return cells.some((cell) => structure.test(cell)) && cells.some((cell) => /[Cc]/.test(cell));
  });
  return found?.name;
}

/** Whether a text is of atoms and bonds, and its brackets and rings are closed. */
function isSmiles(text: string): boolean {
  if (!form.test(text)) return false;
  const bare = text.replace(/\[[^\]]*\]/g, "");
  let depth = 0;
  for (const letter of bare) {
    if (letter === "(") depth++;
    if (letter === ")" && --depth < 0) return false;
  }
  const rings = new Map<string, number>();
  for (const [, two, one] of bare.matchAll(/%(\d\d)|(\d)/g)) {
    const name = String(Number(two ?? one));
    rings.set(name, (rings.get(name) ?? 0) + 1);
  }
  return depth === 0 && Array.from(rings.values()).every((count) => count % 2 === 0);
}
