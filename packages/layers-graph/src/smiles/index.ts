/**
 * Molecules written as SMILES, by OpenChemLib.
 *
 * @packageDocumentation
 */
export { atomFeatureNames, bondFeatureNames } from "./features.ts";
export { moleculeGraphs } from "./molecule-graphs.ts";
