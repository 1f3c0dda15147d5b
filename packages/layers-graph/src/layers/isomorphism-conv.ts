// The convolution of graph isomorphism networks: a small network of a node and the sum of its neighbours.
import { type Activation, activate, activationCheck, defineLayer, dense, sequential } from "@hooke/core";
import { add, checks, describe, HookeError, mul } from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of {@link isomorphismConv}. */
export interface IsomorphismConvConfig {
  /** Features of each node in the result. */
  readonly units: number;
  /** Width of the network's hidden layer. Default `units`. */
  readonly hiddenSize?: number;
  /** Of the hidden layer, and of messages where edges have features. Default `"relu"`. */
  readonly activation?: Activation;
}

/**
 * `network((1 + epsilon) x + sum of messages)`: `[rows, nodes, features]` to `[rows, nodes, units]`, with a network of two dense layers. A message is the
 * features of the sender, or `activation(features + edges kernel)` where edges have features. Xu et al., "How powerful are graph neural networks?", ICLR 2019; of
 * edges: Hu et al., "Strategies for pre-training graph neural networks", ICLR 2020.
 *
 * Parameters: `epsilon [1]`, 0 at first; `network.0` and `network.1`; `edge`, a dense layer, where edges have features.
 *
 * @throws where edges have features and nodes do not have `units` features, which messages add
 */
export const isomorphismConv = /* @__PURE__ */ defineLayer({
  type: "isomorphismConv",
  options: { required: { units: checks.count }, optional: { hiddenSize: checks.count, activation: activationCheck } },
  children: ({ units, hiddenSize = units, activation = "relu" }: IsomorphismConvConfig) => ({
    network: sequential([dense({ units: hiddenSize, activation }), dense({ units })]),
    edge: dense({ units }),
  }),
  params: () => ({ epsilon: { shape: [1], initializer: "zeros" } }),
  apply: ({ config, params: { epsilon }, children: { network, edge }, extras }, x) => {
    checkNodes(x);
    const graph = structureOf(extras, x);
    const sent = graph.at("senders", x);
    if (graph.edges !== undefined && x.shape[2] !== config.units) {
      throw new HookeError(
        `expected nodes of ${config.units} features, as many as units, to add those of edges to; received ${describe(x)}. ` +
          `Put dense({ units: ${config.units} }) in front.`,
        { code: "mismatch" },
      );
    }
    const messages =
      graph.edges === undefined ? sent : activate(config.activation ?? "relu", add(sent, edge(graph.edges)));
    return network(add(mul(x, add(epsilon, 1)), graph.sumAtReceivers(messages)));
  },
});
