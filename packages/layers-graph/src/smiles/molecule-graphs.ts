// Molecules written as SMILES: heavy atoms as nodes, bonds as two edges each.
import { fail, HookeError, show } from "@hooke/runtime";
import type * as OpenChemLib from "openchemlib";
import type { Graph } from "../data/graph.ts";
import { atomFeatures, bondFeatures } from "./features.ts";

/** OpenChemLib. @throws where it is not installed, with what installs it (`"unavailable"`) */
export async function library(who: string): Promise<typeof OpenChemLib> {
  return import("openchemlib").catch((cause: unknown) => {
    throw new HookeError(
      `${who}: needs the package openchemlib, version ~9.25.0, which cannot be imported. Install it: npm install openchemlib@~9.25.0`,
      { code: "unavailable", cause },
    );
  });
}

/** Molecules of SMILES. @throws with the number of one that is none */
export function parseMolecules(
  who: string,
  { Molecule }: typeof OpenChemLib,
  smiles: readonly string[],
): OpenChemLib.Molecule[] {
  if (!Array.isArray(smiles)) fail(who, `received ${show(smiles)}; expected a list of SMILES, such as ["CCO"].`);
  return smiles.map((text: unknown, row) => {
    if (typeof text !== "string" || text.trim() === "")
      fail(who, `molecule ${row} is ${show(text)}; expected SMILES, such as "CCO".`, "invalid-data");
    if (!isBalanced(text as string))
      fail(who, `molecule ${row}, "${text}", has brackets that do not match.`, "invalid-data");
    try {
      const molecule = Molecule.fromSmiles((text as string).trim());
      molecule.ensureHelperArrays(Molecule.cHelperCIP);
      return molecule;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new HookeError(`${who}: molecule ${row}, "${text}", cannot be read as SMILES (${reason}).`, {
        code: "invalid-data",
        cause,
      });
    }
  });
}

/** Whether brackets match: the library closes those that are left open without a word. */
function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const letter of text) {
    if (letter === "(" || letter === "[") open.push(letter === "(" ? ")" : "]");
    else if ((letter === ")" || letter === "]") && open.pop() !== letter) return false;
  }
  return open.length === 0;
}

/**
 * Graphs of molecules: atoms but hydrogens are nodes, with the features of {@link atomFeatureNames}, bonds are two edges each, with those of
 * {@link bondFeatureNames}. Needs the package `openchemlib`.
 *
 * @param smiles one for each molecule
 * @returns graphs in this order, named by their SMILES; single atoms have no edges: `graphDataset({ isolated: true })` takes them
 * @throws with its number where a molecule cannot be read; without `openchemlib`
 * @example
 * ```ts
 * import { moleculeGraphs } from "@hooke/layers-graph/smiles";
 *
 * const [ethanol] = await moleculeGraphs(["CCO"]);
 * console.log(ethanol!.senders, ethanol!.receivers); // [ 0, 1, 1, 2 ] [ 1, 0, 2, 1 ]
 * ```
 */
export async function moleculeGraphs(smiles: readonly string[]): Promise<Graph[]> {
  const molecules = parseMolecules("moleculeGraphs", await library("moleculeGraphs"), smiles);
  return molecules.map((molecule, row): Graph => {
    const atoms = Array.from({ length: molecule.getAtoms() }, (_, atom) => atom);
    const bonds = Array.from({ length: molecule.getBonds() }, (_, bond) => bond);
    const ends = bonds.map((bond) => [molecule.getBondAtom(0, bond), molecule.getBondAtom(1, bond)] as const);
    return {
      name: smiles[row]!.trim(),
      nodes: atoms.map((atom) => atomFeatures(molecule, atom)),
      senders: ends.flat(),
      receivers: ends.flatMap(([a, b]) => [b, a]),
      edges: bonds.flatMap((bond) => [bondFeatures(molecule, bond), bondFeatures(molecule, bond)]),
    };
  });
}
