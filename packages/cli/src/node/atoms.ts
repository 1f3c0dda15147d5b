// Models of graphs, explained atom by atom.
import type { Fitted } from "@hooke/baselines";
import { type Table, takeTableRows } from "@hooke/data";
import { atomShares, type MoleculeShares } from "@hooke/model-advisor/graphs";
import type { Streams } from "./command.ts";
import type { Row } from "./csv.ts";
import { statusLine, tableText, wrapped } from "./terminal.ts";

/** Molecules that the means are of: more change them little. */
const most = 200;

/** Whether a model reads graphs, which no column of numbers explains. */
export const readsGraphs = ({ inputs }: Pick<Fitted, "inputs">): boolean => inputs.some(({ type }) => type === "text");

/** Shares of the atoms of the molecules of a table, of at most 200 evenly chosen ones. */
export async function sharesOfAtoms(
  fitted: Fitted,
  table: Table,
  streams: Streams,
): Promise<readonly MoleculeShares[]> {
  const step = Math.max(1, Math.ceil(table.rowCount / most));
  const rows = Int32Array.from({ length: Math.ceil(table.rowCount / step) }, (_, i) => i * step);
  const line = statusLine(streams);
  const found = await atomShares(fitted, takeTableRows(table, rows), {
    signal: streams.signal,
    onProgress: ({ fraction, text }) => line.show(`explaining: ${Math.floor(100 * fraction)} % · ${text}`),
  }).finally(() => line.clear());
  return found.map((shares) => ({ ...shares, row: rows[shares.row]! }));
}

/** A record an atom. */
export const atomRecords = (molecules: readonly MoleculeShares[], { lines }: Table): Row[] =>
  molecules.flatMap(({ row, of, prediction, kinds, shares }) =>
    shares.map((share, atom) => ({ line: lines[row]!, of, prediction, atom: atom + 1, kind: kinds[atom]!, share })),
  );

/** The mean share of each kind of atom, the largest in size first. */
export function atomsText(molecules: readonly MoleculeShares[], unit: string | undefined, columns = 100): string {
  const shares = new Map<string, number[]>();
  for (const { kinds, shares: own } of molecules) {
    for (const [atom, kind] of kinds.entries()) shares.set(kind, [...(shares.get(kind) ?? []), own[atom]!]);
  }
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const rows = Array.from(shares, ([kind, values]) => ({ kind, values, size: meanOf(values.map(Math.abs)) }))
    .sort((a, b) => b.size - a.size)
    .map(({ kind, values, size }) => [kind, String(values.length), meanOf(values).toPrecision(4), size.toPrecision(4)]);
  const inUnit = unit === undefined ? "" : ` (${unit})`;
  const said =
    `Shares of the atoms of ${molecules.length} structures: what a prediction loses where an atom is taken out with its bonds, or its images. ` +
    "--shares FILE.csv writes those of each atom.";
  const heads = ["kind", "atoms", `mean share${inUnit}`, `mean size${inUnit}`];
  return `${wrapped(said, columns)}\n\n${tableText(heads, rows, columns).join("\n")}\n`;
}
