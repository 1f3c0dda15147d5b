// Molecules with their solubility: graphs for networks, descriptors for a forest.
import type { Dataset, Table } from "@hooke/data";
import { parseCsv, tableOf } from "@hooke/data";
import { graphDataset } from "@hooke/layers-graph";
import { moleculeDescriptors, moleculeGraphs } from "@hooke/layers-graph/smiles";
import { HookeError } from "@hooke/runtime";

/** The same molecules in two forms, row by row. */
export interface Molecules {
  readonly graphs: Dataset;
  /** Descriptors, and the column `target`. */
  readonly table: Table;
}

/** Molecules of a table with the columns `smiles` and, for the solubility in log(mol/L), the second one. @throws on a table without them */
export async function readMolecules(csv: string): Promise<Molecules> {
  const { columns } = parseCsv(csv);
  const [first, second] = columns;
  if (first?.type !== "text" || second?.type !== "number") {
    throw new HookeError("molecules: expected a table of SMILES and a number for each.", { code: "invalid-data" });
  }
  const smiles = first.values.map((text) => text.trim());
  const targets = Array.from(second.values, (value) => [value]);
  const graphs = graphDataset({ graphs: await moleculeGraphs(smiles), targets, isolated: true });
  // None of the descriptors is an estimate of the solubility.
  const described = await moleculeDescriptors(smiles);
  return { graphs, table: tableOf({ ...described, target: second.values }) };
}
