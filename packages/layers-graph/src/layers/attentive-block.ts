// Attention with memory: a node hears its neighbours, those that matter most, and a gated unit decides what of it stays.
import { defineLayer, dense, elu, leakyRelu, relu } from "@hooke/core";
import { checks, concat, mul, segmentSoftmax } from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";
import { gatedLayers, gatedUpdate } from "./gated-update.ts";

/** Options of {@link attentiveBlock}. */
export interface AttentiveBlockConfig {
  /** Features of each node, in the input and in the result. */
  readonly units: number;
  /** Whether messages are made of senders and the features of their edges, where these have some; else they are the senders. Default false. */
  readonly edges?: boolean;
}

/**
 * `relu(GRU(elu(c), x))` with `c = sum of softmax(leakyRelu(align([x_i, m_j]))) attend(m_j)` over the edges that a node receives; `m_j` is `x_j`, or
 * `leakyRelu(message([x_j, edge]))`: `[rows, nodes, units]` to the same shape. Xiong et al., "Pushing the boundaries of molecular representation for drug discovery with the graph
 * attention mechanism", J. Med. Chem. 63 (2020), whose layers of atoms these are.
 *
 * Parameters: the dense layers `align` (one unit), `attend`, `updateInput`, `updateState`, and with `edges` `message`.
 *
 * @throws if nodes do not have `units` features
 */
export const attentiveBlock = /* @__PURE__ */ defineLayer({
  type: "attentiveBlock",
  options: { required: { units: checks.count }, optional: { edges: checks.flag } },
  children: ({ units }: AttentiveBlockConfig) => ({
    message: dense({ units }),
    align: dense({ units: 1 }),
    attend: dense({ units }),
    ...gatedLayers(units),
  }),
  apply: ({ config: { units, edges = false }, children, extras }, x) => {
    const { message, align, attend, updateInput, updateState } = children;
    checkNodes(x, units);
    const graph = structureOf(extras, x);
    const senders = graph.at("senders", x);
    const told = graph.edges === undefined ? senders : concat([senders, graph.edges], 1);
    const sent = edges ? leakyRelu(message(told)) : senders;
    const scores = leakyRelu(align(concat([graph.at("receivers", x), sent], 1)));
    const weights = segmentSoftmax(scores, graph.receivers, graph.count);
    const heard = elu(graph.sumAtReceivers(mul(attend(sent), weights)));
    return relu(gatedUpdate(updateInput(heard), updateState(x), x));
  },
});
