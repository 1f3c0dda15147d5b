// Networks of atoms in space: what they give does not change, or turns, with the positions.
import { defineLayer, sequential } from "@hooke/core";
import { checks, concat, full, type OptionTable, sliceAxis } from "@hooke/runtime";
import { positionsOf } from "../geometry.ts";
import { atomEmbedding } from "../layers/atom-embedding.ts";
import { egnnBlock } from "../layers/egnn-block.ts";
import { painnBlock } from "../layers/painn-block.ts";
import { schnetBlock } from "../layers/schnet-block.ts";
import { type GraphModelConfig, modelOptions, overAtoms, times } from "./options.ts";

/** Options of {@link schnet} and {@link painn}. */
export interface AtomModelConfig extends GraphModelConfig {
  /** Distance beyond which atoms do not see each other: that of the graphs' neighbours, in their unit. */
  readonly cutoff: number;
  /** Functions of the distance. Default 20. */
  readonly basis?: number;
}

const atomOptions: OptionTable<AtomModelConfig> = {
  required: { ...modelOptions.required, cutoff: checks.positive },
  optional: { ...modelOptions.optional, basis: checks.count },
};

/**
 * SchNet: atomic numbers, `i32[rows, nodes, 1]`, with the extra `positions`, to `[rows, outputs]`, by `depth` times {@link schnetBlock}, a network of each atom
 * and readout (sum). Invariant. Schuett et al., NeurIPS 2017.
 */
export const schnet = /* @__PURE__ */ defineLayer({
  type: "schnet",
  options: atomOptions,
  children: (config: AtomModelConfig) => {
    const { width = 64, depth, cutoff, basis = 20 } = config;
    const blocks = times(depth, () => schnetBlock({ units: width, cutoff, basis }));
    return { body: overAtoms([atomEmbedding({ units: width }), ...blocks], config) };
  },
  apply: ({ children: { body } }, x) => body(x),
});

/** Atoms to the scalars that PaiNN's blocks leave. */
const painnBlocks = /* @__PURE__ */ defineLayer({
  type: "painnBlocks",
  children: ({ width = 64, depth, cutoff, basis = 20 }: AtomModelConfig) => ({
    embedding: atomEmbedding({ units: width }),
    blocks: sequential(times(depth, () => painnBlock({ units: width, cutoff, basis }))),
  }),
  apply: ({ config: { width = 64 }, children: { embedding, blocks } }, x) => {
    const scalars = embedding(x);
    const [rows, nodes] = scalars.shape as [number, number];
    const vectors = full([rows, nodes, 3 * width], 0, scalars.dtype);
    return sliceAxis(blocks(concat([scalars, vectors], 2)), 2, 0, width);
  },
});

/**
 * PaiNN: atomic numbers, `i32[rows, nodes, 1]`, with the extra `positions`, to `[rows, outputs]`, by `depth` times {@link painnBlock}, a network of each atom's
 * scalars and readout (sum). Invariant; blocks carry vectors that turn with the atoms, and so see angles. Schuett, Unke and Gastegger, ICML 2021.
 */
export const painn = /* @__PURE__ */ defineLayer({
  type: "painn",
  options: atomOptions,
  children: (config: AtomModelConfig) => ({ body: overAtoms([painnBlocks(config)], config) }),
  apply: ({ children: { body } }, x) => body(x),
});

/** Atoms to the features that EGNN's blocks leave. */
const egnnBlocks = /* @__PURE__ */ defineLayer({
  type: "egnnBlocks",
  children: ({ width = 64, depth }: GraphModelConfig) => ({
    embedding: atomEmbedding({ units: width }),
    blocks: sequential(times(depth, () => egnnBlock({ units: width }))),
  }),
  apply: ({ config: { width = 64 }, children: { embedding, blocks }, extras }, x) => {
    const start = concat([embedding(x), positionsOf(extras, x)], 2);
    return sliceAxis(blocks(start), 2, 0, width);
  },
});

/**
 * E(n) equivariant graph network: atomic numbers, `i32[rows, nodes, 1]`, with the extra `positions`, to `[rows, outputs]`, by `depth` times {@link egnnBlock}, a network of
 * each atom's features and readout (sum). Invariant. Distances do not end smoothly at a cutoff: where neighbours change, forces jump. Satorras, Hoogeboom and
 * Welling, ICML 2021.
 */
export const egnn = /* @__PURE__ */ defineLayer({
  type: "egnn",
  options: modelOptions,
  children: (config: GraphModelConfig) => ({ body: overAtoms([egnnBlocks(config)], config) }),
  apply: ({ children: { body } }, x) => body(x),
});
