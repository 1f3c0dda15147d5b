/**
 * Molecules and crystals: their graphs as tables, and graph networks as candidates. An entry of its own, so that who compares without them downloads none.
 *
 * @packageDocumentation
 */
export { type AtomSharesOptions, atomShares, type MoleculeShares } from "./atom-shares.ts";
export { type AtomTableOptions, atomTable, cutoffIn } from "./atom-table.ts";
export { type GraphNetworkOptions, type GraphNetworkState, graphNetwork } from "./graph-network.ts";
export { graphNetworks } from "./graph-networks.ts";
export { graphTable } from "./graph-table.ts";
export { type MoleculeTableOptions, moleculeTable, smilesIn } from "./molecule-table.ts";
