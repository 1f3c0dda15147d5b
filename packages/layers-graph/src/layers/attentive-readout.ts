// A readout with memory: the vector of a graph asks its nodes again and again, each time those that matter most.
import { defineLayer, dense, elu, leakyRelu, relu } from "@hooke/core";
import { checks, concat, gather, mul, reshape, segmentSoftmax, segmentSum } from "@hooke/runtime";
import { checkNodes } from "../structure.ts";
import { gatedLayers, gatedUpdate } from "./gated-update.ts";
import { membersOf } from "./readout.ts";

/** Options of {@link attentiveReadout}. */
export interface AttentiveReadoutConfig {
  /** Features of each node, and of the vector of a graph. */
  readonly units: number;
  /** How often nodes are asked. Default 2. */
  readonly steps?: number;
}

/**
 * `g = relu(sum of x)`, then `steps` times `g = relu(GRU(elu(c), g))` with `c = sum of softmax(leakyRelu(align([g, x_i]))) attend(x_i)` over the nodes of a graph:
 * `[rows, nodes, units]` to `[rows, units]`. Xiong et al., J. Med. Chem. 63 (2020): the node that stands for the molecule. All steps have the same weights.
 *
 * Parameters: the dense layers `align` (one unit), `attend`, `updateInput`, `updateState`.
 *
 * @throws if nodes do not have `units` features
 */
export const attentiveReadout = /* @__PURE__ */ defineLayer({
  type: "attentiveReadout",
  options: { required: { units: checks.count }, optional: { steps: checks.countUpTo(100) } },
  children: ({ units }: AttentiveReadoutConfig) => ({
    align: dense({ units: 1 }),
    attend: dense({ units }),
    ...gatedLayers(units),
  }),
  apply: ({ config: { units, steps = 2 }, children: { align, attend, updateInput, updateState }, extras }, x) => {
    checkNodes(x, units);
    const { members, count } = membersOf(extras, x);
    const nodes = reshape(x, [x.shape[0]! * x.shape[1]!, units]);
    const told = attend(nodes);
    let graph = relu(segmentSum(nodes, members, count));
    for (let step = 0; step < steps; step++) {
      const scores = leakyRelu(align(concat([gather(graph, members), nodes], 1)));
      const heard = elu(segmentSum(mul(told, segmentSoftmax(scores, members, count)), members, count));
      graph = relu(gatedUpdate(updateInput(heard), updateState(graph), graph));
    }
    return graph;
  },
});
