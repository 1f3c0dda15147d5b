/**
 * Graph networks for molecules and crystals: datasets of unequal graphs, message passing, equivariant layers, forces.
 *
 * @packageDocumentation
 */

export { type AtomGraphOptions, type AtomStructure, atomGraph } from "./atoms/atom-graph.ts";
export { parseCif } from "./atoms/cif.ts";
export { elementSymbol } from "./atoms/elements.ts";
export { parsePoscar } from "./atoms/poscar.ts";
export type { Graph } from "./data/graph.ts";
export { graphDataset } from "./data/graph-dataset.ts";
export type { GraphDatasetOptions } from "./data/options.ts";
export { type EnergyForceLossOptions, energyForceLoss, energyForces } from "./forces.ts";
export { type AtomEmbeddingConfig, atomEmbedding } from "./layers/atom-embedding.ts";
export { type AttentiveBlockConfig, attentiveBlock } from "./layers/attentive-block.ts";
export { type AttentiveReadoutConfig, attentiveReadout } from "./layers/attentive-readout.ts";
export { type CrystalConvConfig, crystalConv } from "./layers/crystal-conv.ts";
export { type DirectedMessagesConfig, directedMessages } from "./layers/directed-messages.ts";
export { edgeReadout } from "./layers/edge-readout.ts";
export { type EgnnBlockConfig, egnnBlock } from "./layers/egnn-block.ts";
export { type GraphAttentionConfig, graphAttention } from "./layers/graph-attention.ts";
export { type GraphConvConfig, graphConv } from "./layers/graph-conv.ts";
export { type IsomorphismConvConfig, isomorphismConv } from "./layers/isomorphism-conv.ts";
export { painnBlock } from "./layers/painn-block.ts";
export { type ReadoutConfig, readout } from "./layers/readout.ts";
export { type DistanceConfig, schnetBlock } from "./layers/schnet-block.ts";
export { type AtomModelConfig, egnn, painn, schnet } from "./models/atoms.ts";
export { type AttentiveFpConfig, attentiveFp, cgcnn, dmpnn, type GatConfig, gat, gcn, gin } from "./models/networks.ts";
export type { GraphModelConfig } from "./models/options.ts";
export { graphs } from "./plugin.ts";
export { type Structure, structureOf } from "./structure.ts";
export { graphUnion } from "./union.ts";
