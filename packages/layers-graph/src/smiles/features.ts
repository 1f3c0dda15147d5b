// What a molecule's atoms and bonds are told apart by: features of atoms and bonds as OpenChemLib sees them.
import type { Molecule } from "openchemlib";

/** Elements with a feature of their own; the others share one. */
const elements = { C: 6, N: 7, O: 8, S: 16, F: 9, P: 15, Cl: 17, Br: 35, I: 53 } as const;
const atomicNumbers: readonly number[] = Object.values(elements);
const degrees = [0, 1, 2, 3, 4];
const hydrogens = [0, 1, 2, 3];
const bondKinds = ["single", "double", "triple", "aromatic"] as const;

/** 1 at the place of a value in a list, or behind it where it is none of them. */
function oneHot<T>(list: readonly T[], value: T): number[] {
  const found = list.indexOf(value);
  const place = found < 0 ? list.length : found;
  return Array.from({ length: list.length + 1 }, (_, i) => (i === place ? 1 : 0));
}

/** Names of the features of atoms, in order. */
export const atomFeatureNames: readonly string[] = [
  ...Object.keys(elements),
  "other element",
  ...degrees.map((count) => `${count} neighbours`),
  "more neighbours",
  ...hydrogens.map((count) => `${count} hydrogens`),
  "more hydrogens",
  "charge",
  "aromatic",
  "in a ring",
  "pi electrons",
  "stereocentre",
];

/** Names of the features of bonds, in order. */
export const bondFeatureNames: readonly string[] = [...bondKinds, "other bond", "in a ring", "delocalized"];

/** Features of an atom, in the order of {@link atomFeatureNames}. */
export function atomFeatures(molecule: Molecule, atom: number): number[] {
  return [
    ...oneHot(atomicNumbers, molecule.getAtomicNo(atom)),
    ...oneHot(degrees, molecule.getConnAtoms(atom)),
    ...oneHot(hydrogens, molecule.getAllHydrogens(atom)),
    molecule.getAtomCharge(atom),
    Number(molecule.isAromaticAtom(atom)),
    Number(molecule.isRingAtom(atom)),
    molecule.getAtomPi(atom),
    Number(molecule.isAtomStereoCenter(atom)),
  ];
}

/** Features of a bond, in the order of {@link bondFeatureNames}. */
export function bondFeatures(molecule: Molecule, bond: number): number[] {
  const kind = molecule.isAromaticBond(bond) ? "aromatic" : bondKinds[molecule.getBondOrder(bond) - 1]!;
  return [...oneHot(bondKinds, kind), Number(molecule.isRingBond(bond)), Number(molecule.isDelocalizedBond(bond))];
}
