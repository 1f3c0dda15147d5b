// What chemists count of a molecule: sizes, kinds of atoms, and estimates of how polar it is.
import type * as OpenChemLib from "openchemlib";
import { library, parseMolecules } from "./molecule-graphs.ts";

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
} as const;

/**
 * Descriptors of molecules, by name: molecular weight, octanol-water partition and polar surface as OpenChemLib estimates them, numbers of atoms by element, of
 * acceptors, donors, rotatable bonds, stereocentres and rings, the shares of atoms in rings and aromatic ones. Needs the package `openchemlib`.
 *
 * @param smiles one for each molecule
 * @returns for each descriptor a number a molecule
 * @throws with its number where a molecule cannot be read; without `openchemlib`
 * @example
 * ```ts
 * import { moleculeDescriptors } from "@hooke/layers-graph/smiles";
 *
 * const { rings, donors } = await moleculeDescriptors(["CCO", "c1ccccc1"]);
 * console.log(rings, donors); // Float64Array(2) [ 0, 1 ] Float64Array(2) [ 1, 0 ]
 * ```
 */
export async function moleculeDescriptors(smiles: readonly string[]): Promise<Readonly<Record<string, Float64Array>>> {
  const chemistry = await library("moleculeDescriptors");
  const rows = parseMolecules("moleculeDescriptors", chemistry, smiles).map((molecule) =>
    described(molecule, chemistry),
  );
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, Float64Array.from(rows, (row) => row[name]!)]));
}

function described(
  molecule: OpenChemLib.Molecule,
  { MoleculeProperties }: typeof OpenChemLib,
): Readonly<Record<string, number>> {
  const properties = new MoleculeProperties(molecule);
  const atoms = Array.from({ length: molecule.getAtoms() }, (_, atom) => atom);
  const countOf = (is: (atom: number) => boolean): number => atoms.filter(is).length;
  return {
    weight: molecule.getMolecularFormula().relativeWeight,
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
    ...Object.fromEntries(
      Object.entries(elements).map(([name, number]) => [
        name,
        countOf((atom) => molecule.getAtomicNo(atom) === number),
      ]),
    ),
  };
}
