// Tables of molecules as models of molecules take them: columns that were made of SMILES in training are made again.
import type { Fitted } from "@hooke/baselines";
import { columnNames, type Table } from "@hooke/data";
import { moleculeTable, smilesIn } from "@hooke/model-advisor/graphs";

/** The table with the columns that a model of molecules learned from; any other table, and that of any other model, as it is. */
export async function asTaught(table: Table, { inputs }: Pick<Fitted, "inputs">): Promise<Table> {
  const names = columnNames(table);
  const column = smilesIn(inputs.filter(({ name }) => !names.includes(name)));
  return column === undefined ? table : moleculeTable(table, { smiles: column });
}
