/**
 * Molecules written as SMILES, by OpenChemLib.
 *
 * @packageDocumentation
 */
export { moleculeDescriptors } from "./descriptors.ts";
export { atomFeatureNames, bondFeatureNames } from "./features.ts";
export { moleculeGraphs } from "./molecule-graphs.ts";
