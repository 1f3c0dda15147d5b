// The convolution of crystal graphs: each neighbour adds what a gate of both ends and their edge lets through.
import { defineLayer, dense, softplus } from "@hooke/core";
import { add, checks, concat, mul, sigmoid } from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of {@link crystalConv}. */
export interface CrystalConvConfig {
  /** Features of each node, in the input and in the result. */
  readonly units: number;
}

/**
 * `x + sum of sigmoid(gate(z)) softplus(core(z))` over the edges that a node receives, with `z` the features of receiver, sender and edge:
 * `[rows, nodes, units]` to the same shape. Xie and Grossman, "Crystal graph convolutional neural networks", Phys. Rev. Lett. 120 (2018), without its
 * batch norms.
 *
 * Parameters: the dense layers `gate` and `core`.
 *
 * @throws if nodes do not have `units` features
 */
export const crystalConv = /* @__PURE__ */ defineLayer({
  type: "crystalConv",
  options: { required: { units: checks.count } },
  children: ({ units }: CrystalConvConfig) => ({ gate: dense({ units }), core: dense({ units }) }),
  apply: ({ config: { units }, children: { gate, core }, extras }, x) => {
    checkNodes(x, units);
    const graph = structureOf(extras, x);
    const ends = [graph.at("receivers", x), graph.at("senders", x)];
    const z = concat(graph.edges === undefined ? ends : [...ends, graph.edges], 1);
    return add(x, graph.sumAtReceivers(mul(sigmoid(gate(z)), softplus(core(z)))));
  },
});
