// How a molecule is drawn: places of atoms in the plane, and bonds, as OpenChemLib lays them out.

export interface Drawing {
  /** Heavy atoms, in the order of their graph; places in lengths of a bond, upwards. */
  readonly atoms: readonly {
    readonly symbol: string;
    readonly x: number;
    readonly y: number;
    readonly share: number;
  }[];
  readonly bonds: readonly { readonly from: number; readonly to: number; readonly order: number }[];
}

/** @throws on what is no SMILES */
export async function drawingOf(smiles: string): Promise<Drawing> {
  const { Molecule } = await import("openchemlib");
  let molecule: InstanceType<typeof Molecule>;
  try {
    molecule = Molecule.fromSmiles(smiles);
    molecule.ensureHelperArrays(Molecule.cHelperCIP);
    if (smiles === "") throw new Error("it is empty");
  } catch (error) {
    throw new Error(`"${smiles}" is no SMILES (${(error as Error).message}). Ethanol is CCO, benzene c1ccccc1.`);
  }
  const length = molecule.getAverageBondLength(true) || 1;
  return {
    atoms: Array.from({ length: molecule.getAtoms() }, (_, atom) => ({
      symbol: molecule.getAtomLabel(atom),
      x: molecule.getAtomX(atom) / length,
      y: -molecule.getAtomY(atom) / length,
      share: 0,
    })),
    bonds: Array.from({ length: molecule.getBonds() }, (_, bond) => ({
      from: molecule.getBondAtom(0, bond),
      to: molecule.getBondAtom(1, bond),
      order: molecule.isAromaticBond(bond) ? 1.5 : molecule.getBondOrder(bond),
    })),
  };
}
