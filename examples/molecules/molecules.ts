// Molecules with their solubility: graphs for networks, descriptors for a forest.
import type { Dataset, Table } from "@hooke/data";
import { parseCsv, tableOf } from "@hooke/data";
import { graphDataset } from "@hooke/layers-graph";
import { moleculeGraphs } from "@hooke/layers-graph/smiles";
import { HookeError } from "@hooke/runtime";
import { Molecule, MoleculeProperties } from "openchemlib";

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
  const rows = smiles.map(descriptors);
  const names = Object.keys(rows[0]!);
  const described = Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name]!)]));
  return { graphs, table: tableOf({ ...described, target: Array.from(second.values) }) };
}

/** What chemists count: sizes, kinds of atoms, and estimates of how polar a molecule is. None is an estimate of its solubility. */
function descriptors(smiles: string): Record<string, number> {
  const molecule = Molecule.fromSmiles(smiles);
  molecule.ensureHelperArrays(Molecule.cHelperRings);
  const properties = new MoleculeProperties(molecule);
  const atoms = Array.from({ length: molecule.getAtoms() }, (_, atom) => atom);
  const countOf = (is: (atom: number) => boolean): number => atoms.filter(is).length;
  const elements = {
    carbon: 6,
    nitrogen: 7,
    oxygen: 8,
    fluorine: 9,
    phosphorus: 15,
    sulfur: 16,
    chlorine: 17,
    bromine: 35,
    iodine: 53,
  };
  const counts = Object.entries(elements).map(
    ([name, number]) => [name, countOf((atom) => molecule.getAtomicNo(atom) === number)] as const,
  );
  const { relativeWeight } = molecule.getMolecularFormula();
  return {
    weight: relativeWeight,
    "heavy atoms": atoms.length,
    "octanol-water partition": properties.logP,
    "polar surface": properties.polarSurfaceArea,
    acceptors: properties.acceptorCount,
    donors: properties.donorCount,
    "rotatable bonds": properties.rotatableBondCount,
    stereocentres: properties.stereoCenterCount,
    rings: molecule.getRingSet().getSize(),
    "aromatic share": countOf((atom) => molecule.isAromaticAtom(atom)) / atoms.length,
    "ring share": countOf((atom) => molecule.isRingAtom(atom)) / atoms.length,
    hydrogens: atoms.reduce((sum, atom) => sum + molecule.getAllHydrogens(atom), 0),
    ...Object.fromEntries(counts),
  };
}
