// Molecules to begin with: a core with two groups on it, and what OpenChemLib's increments estimate of each. No measured data are shipped.
import { type Table, tableOf } from "@hooke/data";
import { moleculeDescriptors } from "@hooke/layers-graph/smiles";

const before = ["C", "CC", "CCC", "CC(C)", "O", "N", "Cl", "FC(F)(F)", "OC(=O)", "NC(=O)", "N#C", "CO"];
const after = ["C", "CCC", "C(C)C", "O", "N", "Cl", "Br", "C(F)(F)F", "C(=O)O", "C(=O)N", "C#N", "OC"];
const cores: readonly ((a: string, b: string) => string)[] = [
  (a, b) => `${a}c1ccc(${b})cc1`,
  (a, b) => `${a}C1CCC(${b})CC1`,
  (a, b) => `${a}CC(${b})CC`,
  (a, b) => `${a}c1cc(${b})ncc1`,
  (a, b) => `${a}CCCC${b}`,
];

/** What is estimated: the logarithm of how much more of a molecule goes into octanol than into water. */
export const sampleTarget = "octanol-water partition";

/** Every other molecule of these parts. */
export async function sampleTable(): Promise<Table> {
  const all = cores.flatMap((core) => before.flatMap((a) => after.map((b) => core(a, b))));
  const smiles = all.filter((_, i) => i % 2 === 0);
  const { [sampleTarget]: estimated } = await moleculeDescriptors(smiles);
  return tableOf({ smiles, [sampleTarget]: [...estimated!] });
}
