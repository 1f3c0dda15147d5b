// Graph attention: neighbours count by a softmax of learned scores of both ends.
import { defineLayer, dense, leakyRelu } from "@hooke/core";
import {
  add,
  checks,
  concat,
  HookeError,
  iota,
  matmul,
  mul,
  reshape,
  segmentSoftmax,
  segmentSum,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of {@link graphAttention}. */
export interface GraphAttentionConfig {
  /** Features of each node in the result: a multiple of the heads. */
  readonly units: number;
  /** Default 1. */
  readonly heads?: number;
  /** Slope of the scores below 0. Default 0.2. */
  readonly negativeSlope?: number;
}

/**
 * Each head sends `x kernel` along edges, weighted by a softmax over what a node receives, itself included, of
 * `leakyRelu(x_i receiver + x_j sender + edges edge)`: `[rows, nodes, features]` to `[rows, nodes, units]`, heads side by side. Velickovic et al., "Graph
 * attention networks", ICLR 2018. A node has no features of an edge to itself; these count 0 in its score.
 *
 * Parameters: `kernel [features, units]`, `sender` and `receiver [1, heads, units / heads]`, `bias [units]`; `edge`, a dense layer of `heads` units without bias, where
 * edges have features.
 */
export const graphAttention = /* @__PURE__ */ defineLayer({
  type: "graphAttention",
  options: {
    required: { units: checks.count },
    optional: { heads: checks.count, negativeSlope: checks.nonNegative },
  },
  children: ({ heads = 1 }: GraphAttentionConfig) => ({ edge: dense({ units: heads, bias: false }) }),
  params: ({ units, heads = 1 }, inputShape) => {
    if (units % heads !== 0)
      throw new HookeError(`received ${units} units and ${heads} heads; give a multiple of the heads.`);
    const vector = { shape: [heads, units / heads], initializer: "glorotUniform" } as const;
    return {
      kernel: { shape: [inputShape.at(-1) ?? 0, units], initializer: "glorotUniform" },
      sender: vector,
      receiver: vector,
      bias: { shape: [units], initializer: "zeros" },
    };
  },
  apply: ({ config: { units, heads = 1, negativeSlope = 0.2 }, params, children: { edge }, extras }, x) => {
    checkNodes(x);
    const graph = structureOf(extras, x);
    const { count } = graph;
    const [rows, nodes] = x.shape as [number, number];
    const sent = reshape(matmul(x, params.kernel), [rows, nodes, heads, units / heads]);
    const scored = (by: Tensor): Tensor => sum(mul(sent, by), { axes: 3 });
    const [sending, receiving] = [scored(params.sender), scored(params.receiver)];
    const ends = add(graph.at("senders", sending), graph.at("receivers", receiving));
    const scores = graph.edges === undefined ? ends : add(ends, edge(graph.edges));
    // Every node receives from itself, too.
    const all = concat([scores, reshape(add(sending, receiving), [count, heads])], 0);
    const segments = concat([graph.receivers, iota([count])], 0);
    const weights = segmentSoftmax(leakyRelu(all, { negativeSlope }), segments, count);
    const flat = reshape(sent, [count, heads, units / heads]);
    const messages = mul(concat([graph.at("senders", sent), flat], 0), reshape(weights, [...weights.shape, 1]));
    return add(reshape(segmentSum(messages, segments, count), [rows, nodes, units]), params.bias);
  },
});
