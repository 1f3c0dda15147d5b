// Tables with molecules written as SMILES: what is known of each molecule, and its graph, in place of the text.
import { type Column, cellsOf, columnNames, columnOf, type Table, tableCheck, tableOf } from "@hooke/data";
import { moleculeDescriptors, moleculeGraphs } from "@hooke/layers-graph/smiles";
import { checkArgument, checkOptions, fail, HookeError } from "@hooke/runtime";
import { graphText } from "./graph-text.ts";

/** Options of {@link moleculeTable}. */
export interface MoleculeTableOptions {
  /** The column of SMILES. */
  readonly smiles: string;
}

/**
 * The table with, in place of a column of SMILES, what {@link moleculeDescriptors} knows of each molecule (`"heavy atoms of smiles"`), and its graph
 * (`"graph of smiles"`), which `graphNetwork` reads. Needs the package `openchemlib`.
 *
 * @throws on a column that is not there, with the line on what is no SMILES; without `openchemlib`
 * @example
 * ```ts
 * import { columnNames, tableOf } from "@hooke/data";
 * import { moleculeTable } from "@hooke/model-advisor/graphs";
 *
 * const table = await moleculeTable(tableOf({ solute: ["CCO", "CO"], solubility: [1.1, 1.57] }), { smiles: "solute" });
 * console.log(columnNames(table).slice(-3)); // [ 'iodine of solute', 'graph of solute', 'solubility' ]
 * ```
 */
export async function moleculeTable(table: Table, options: MoleculeTableOptions): Promise<Table> {
  const who = "moleculeTable";
  checkArgument(who, "the table", table, tableCheck);
  checkOptions<MoleculeTableOptions>(who, options, {
    required: { smiles: (value) => (typeof value === "string" ? undefined : "the name of a column") },
  });
  const column = columnOf(table, options.smiles);
  const { described, graph } = await moleculeColumns(table, column);
  const all = [...described, graph];
  const taken = all.find(({ name }) => columnNames(table).includes(name));
  if (taken !== undefined) fail(table.source, `has a column "${taken.name}" already; rename it.`, "mismatch");
  return { ...table, columns: table.columns.flatMap((each) => (each === column ? all : [each])) };
}

/** What is known of the molecules of a column, and their graphs. */
async function moleculeColumns(
  table: Table,
  column: Column,
): Promise<{ readonly described: readonly Column[]; readonly graph: Column }> {
  const texts = cellsOf(table, column).map((text) => text.trim());
  const read = async <R>(work: (smiles: readonly string[]) => Promise<R>): Promise<R> => {
    try {
      return await work(texts);
    } catch (error) {
      if (!(error instanceof HookeError && error.code === "invalid-data")) throw error;
      const row = await firstRefused(work, texts);
      if (row === undefined) throw error;
      const what = `column "${column.name}", line ${table.lines[row]}: "${texts[row]}" is no SMILES`;
      return fail(table.source, `${what}; correct the cell, or leave the row out.`, "invalid-data");
    }
  };
  const descriptors = await read(moleculeDescriptors);
  const graphs = await read(moleculeGraphs);
  const named = Object.entries(descriptors).map(([name, values]) => [`${name} of ${column.name}`, values] as const);
  const { columns } = tableOf({
    ...Object.fromEntries(named),
    [`graph of ${column.name}`]: graphs.map(graphText),
  });
  return { described: columns.slice(0, -1), graph: columns.at(-1)! };
}

/** The row of the first text that cannot be read by itself. */
async function firstRefused(
  work: (smiles: readonly string[]) => Promise<unknown>,
  texts: readonly string[],
): Promise<number | undefined> {
  for (const [row, text] of texts.entries()) {
    const reads = await work([text]).then(
      () => true,
      () => false,
    );
    if (!reads) return row;
  }
  return undefined;
}

/** The column of SMILES that inputs were made of; undefined where they were made of none. @param inputs such as those of a fitted method that a table lacks */
export function smilesIn(inputs: readonly { readonly name: string }[]): string | undefined {
  checkArgument("smilesIn", "the inputs", inputs, (value) =>
    Array.isArray(value) && value.every((input) => typeof input?.name === "string") ? undefined : "inputs with names",
  );
  for (const { name } of inputs) {
    const [, column] = /^(?:heavy atoms|graph) of (.+)$/.exec(name) ?? [];
    if (column !== undefined) return column;
  }
  return undefined;
}
