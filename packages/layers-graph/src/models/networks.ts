// Networks of nodes with features: molecules as graphs of bonds, crystals as graphs of neighbours.
import { activation, batchNorm, defineLayer, dense, sequential } from "@hooke/core";
import { checks, describe, HookeError, isFloat, type OptionTable, type Tensor } from "@hooke/runtime";
import { attentiveBlock } from "../layers/attentive-block.ts";
import { attentiveReadout } from "../layers/attentive-readout.ts";
import { crystalConv } from "../layers/crystal-conv.ts";
import { directedMessages } from "../layers/directed-messages.ts";
import { graphAttention } from "../layers/graph-attention.ts";
import { graphConv } from "../layers/graph-conv.ts";
import { isomorphismConv } from "../layers/isomorphism-conv.ts";
import { graphUnion } from "../union.ts";
import { type GraphModelConfig, modelOptions, overNodes, times } from "./options.ts";

/** @throws on nodes that are atomic numbers */
function withFeatures(nodes: Tensor): Tensor {
  if (isFloat(nodes.dtype)) return nodes;
  const cure = "schnet, egnn and painn take these, with the distances; or give each node features of its own";
  throw new HookeError(`expected nodes with features, received ${describe(nodes)}, atomic numbers: ${cure}.`, {
    code: "mismatch",
  });
}

/**
 * Graph convolutional network: `depth` times {@link graphConv} and relu, readout (mean), two dense layers. Features of edges are not read. Kipf and
 * Welling, ICLR 2017.
 */
export const gcn = /* @__PURE__ */ defineLayer({
  type: "gcn",
  options: modelOptions,
  children: (config: GraphModelConfig) => {
    const { width = 64, depth } = config;
    return {
      body: overNodes(
        times(depth, () => graphConv({ units: width, activation: "relu" })),
        config,
      ),
    };
  },
  apply: ({ children: { body } }, x) => body(withFeatures(x)),
});

/**
 * Graph isomorphism network: a dense layer, `depth` times {@link isomorphismConv}, batch norm and relu, readout (mean), two dense layers. Xu et al., ICLR
 * 2019.
 */
export const gin = /* @__PURE__ */ defineLayer({
  type: "gin",
  options: modelOptions,
  children: (config: GraphModelConfig) => {
    const { width = 64, depth } = config;
    const block = () => sequential([isomorphismConv({ units: width }), batchNorm(), activation("relu")]);
    return { body: overNodes([dense({ units: width }), ...times(depth, block)], config) };
  },
  apply: ({ children: { body } }, x) => body(withFeatures(x)),
});

/** Options of {@link gat}. */
export interface GatConfig extends GraphModelConfig {
  /** Heads of each layer; the width is a multiple of them. Default 4. */
  readonly heads?: number;
}

/** Graph attention network: `depth` times {@link graphAttention} and elu, readout (mean), two dense layers. Velickovic et al., ICLR 2018. */
export const gat = /* @__PURE__ */ defineLayer({
  type: "gat",
  options: {
    required: modelOptions.required,
    optional: { ...modelOptions.optional, heads: checks.count },
  } satisfies OptionTable<GatConfig>,
  children: (config: GatConfig) => {
    const { width = 64, depth, heads = 4 } = config;
    const block = () => sequential([graphAttention({ units: width, heads }), activation("elu")]);
    return { body: overNodes(times(depth, block), config) };
  },
  apply: ({ children: { body } }, x) => body(withFeatures(x)),
});

/**
 * Directed message passing network: {@link directedMessages} of `depth` steps, readout (mean), two dense layers. Yang et al., J. Chem. Inf. Model. 59
 * (2019).
 */
export const dmpnn = /* @__PURE__ */ defineLayer({
  type: "dmpnn",
  options: modelOptions,
  children: (config: GraphModelConfig) => {
    const { width = 64, depth = 3 } = config;
    return { body: overNodes([directedMessages({ units: width, steps: depth })], config) };
  },
  apply: ({ children: { body } }, x) => body(withFeatures(x)),
});

/** Options of {@link attentiveFp}. */
export interface AttentiveFpConfig extends Omit<GraphModelConfig, "readout"> {
  /** How often the nodes of a graph are asked by its readout. Default 2. */
  readonly steps?: number;
}

/**
 * AttentiveFP: a dense layer, `depth` times {@link attentiveBlock}, the first of which reads features of edges, {@link attentiveReadout} of `steps` steps, a dense layer. Xiong et al., J. Med.
 * Chem. 63 (2020).
 */
export const attentiveFp = /* @__PURE__ */ defineLayer({
  type: "attentiveFp",
  options: {
    required: modelOptions.required,
    optional: {
      width: modelOptions.optional.width,
      depth: modelOptions.optional.depth,
      steps: checks.countUpTo(100),
    },
  } satisfies OptionTable<AttentiveFpConfig>,
  children: ({ outputs, width = 64, depth = 3, steps = 2 }: AttentiveFpConfig) => {
    const blocks = Array.from({ length: depth }, (_, i) => attentiveBlock({ units: width, edges: i === 0 }));
    const first = dense({ units: width, activation: "leakyRelu" });
    const last = [attentiveReadout({ units: width, steps }), dense({ units: outputs })];
    return { body: graphUnion(sequential([first, ...blocks, ...last])) };
  },
  apply: ({ children: { body } }, x) => body(withFeatures(x)),
});

/** Crystal graph network: a dense layer, `depth` times {@link crystalConv}, readout (mean), two dense layers. Xie and Grossman, Phys. Rev. Lett. 120 (2018). */
export const cgcnn = /* @__PURE__ */ defineLayer({
  type: "cgcnn",
  options: modelOptions,
  children: (config: GraphModelConfig) => {
    const { width = 64, depth } = config;
    const blocks = times(depth, () => crystalConv({ units: width }));
    return { body: overNodes([dense({ units: width }), ...blocks], config) };
  },
  apply: ({ children: { body } }, x) => body(withFeatures(x)),
});
