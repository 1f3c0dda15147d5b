// Molecules of SMILES: atoms, bonds, features, and what cannot be read.
import { expect, it } from "vitest";
import { graphDataset } from "../index.ts";
import { atomFeatureNames, bondFeatureNames, moleculeGraphs } from "./index.ts";

it("atoms and bonds have the features of the lists", async () => {
  const [benzoate, ethanol, methane] = await moleculeGraphs(["c1ccccc1C(=O)[O-]", " CCO ", "C"]);
  const named = (names: readonly string[], row: unknown): string[] =>
    names.flatMap((name, i) => ((row as number[])[i] ? [`${name} ${(row as number[])[i]}`] : []));
  const atoms = benzoate!.nodes as number[][];
  expect(atoms).toHaveLength(9);
  expect(named(atomFeatureNames, atoms[0])).toEqual([
    "C 1",
    "2 neighbours 1",
    "1 hydrogens 1",
    "aromatic 1",
    "in a ring 1",
    "pi electrons 1",
  ]);
  expect(named(atomFeatureNames, atoms[8])).toEqual(["O 1", "1 neighbours 1", "0 hydrogens 1", "charge -1"]);
  expect(benzoate!.senders).toHaveLength(18);
  const bonds = benzoate!.edges as number[][];
  expect(named(bondFeatureNames, bonds[0])).toEqual(["aromatic 1", "in a ring 1", "delocalized 1"]);
  expect(bonds[0]).toEqual(bonds[1]);
  expect(ethanol!.name).toBe("CCO");
  const { extras, inputs } = graphDataset({ graphs: [benzoate!, ethanol!, methane!], isolated: true });
  expect(inputs.shape).toEqual([3, 9, atomFeatureNames.length]);
  expect(extras.edges!.shape).toEqual([3, 18, bondFeatureNames.length]);
  expect(() => graphDataset({ graphs: [ethanol!, methane!] })).toThrow('graphDataset: graph "C" has no edges');
});

it("what is no SMILES is refused by its number", async () => {
  await expect(moleculeGraphs(["C", ""])).rejects.toThrow('molecule 1 is ""; expected SMILES, such as "CCO".');
  await expect(moleculeGraphs(["C", "C(("])).rejects.toThrow('molecule 1, "C((", has brackets that do not match.');
  await expect(moleculeGraphs(["CZ"])).rejects.toThrow('moleculeGraphs: molecule 0, "CZ", cannot be read as SMILES');
  await expect(moleculeGraphs("CCO" as never)).rejects.toThrow('expected a list of SMILES, such as ["CCO"].');
});
