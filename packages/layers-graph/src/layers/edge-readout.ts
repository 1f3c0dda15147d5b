// Edges of the vectors of their ends: for what is to be predicted of each edge.
import { defineLayer, type NoOptions } from "@hooke/core";
import { concat, reshape } from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";

/**
 * A vector for each edge: the features of its receiver, of its sender, and its own, side by side: `[rows, nodes, features]` to
 * `[rows, edges, 2 features + edge features]`, edges in the order of the dataset, that of their receivers.
 */
export const edgeReadout = /* @__PURE__ */ defineLayer({
  type: "edgeReadout",
  options: {},
  params: (_config: NoOptions) => ({}),
  apply: ({ extras }, x) => {
    checkNodes(x);
    const graph = structureOf(extras, x);
    const ends = [graph.at("receivers", x), graph.at("senders", x)];
    const edges = concat(graph.edges === undefined ? ends : [...ends, graph.edges], 1);
    return reshape(edges, [...extras.senders!.shape, edges.shape[1]!]);
  },
});
