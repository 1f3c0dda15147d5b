// Continuous-filter convolution: neighbours are filtered by a function of their distance.
import { defineLayer, dense, softplus } from "@hooke/core";
import { add, checks, mul, sub, type Tensor } from "@hooke/runtime";
import { cosineCutoff, gaussians, positionsOf, vectorsOf } from "../geometry.ts";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of layers that see distances. */
export interface DistanceConfig {
  /** Features of each node, in the input and in the result. */
  readonly units: number;
  /** Distance beyond which nodes do not see each other, in the unit of the positions. */
  readonly cutoff: number;
  /** Functions of the distance. Default 20. */
  readonly basis?: number;
}

/** What layers that see distances accept. */
export const distanceOptions = {
  required: { units: checks.count, cutoff: checks.positive },
  optional: { basis: checks.count },
};

/** Softplus that is 0 at 0. */
export const shiftedSoftplus = (x: Tensor): Tensor => sub(softplus(x), Math.log(2));

/**
 * One interaction of SchNet: each node gets the sum of its neighbours' features times a filter, a small network of Gaussians of the distance that ends at the cutoff, and adds
 * what a small network makes of it: `[rows, nodes, units]` to the same shape. Schuett et al., "SchNet", NeurIPS 2017.
 *
 * Reads the extra `positions`, `[rows, nodes, 3]`, and `shifts`, `[rows, edges, 3]`, where nodes repeat periodically.
 *
 * Parameters: the dense layers `filter1`, `filter2`, `before` (without bias), `after1` and `after2`.
 *
 * @throws if nodes do not have `units` features, or no positions
 */
export const schnetBlock = /* @__PURE__ */ defineLayer({
  type: "schnetBlock",
  options: distanceOptions,
  children: ({ units }: DistanceConfig) => ({
    filter1: dense({ units }),
    filter2: dense({ units }),
    before: dense({ units, bias: false }),
    after1: dense({ units }),
    after2: dense({ units }),
  }),
  apply: ({ config: { units, cutoff, basis = 20 }, children, extras }, x) => {
    checkNodes(x, units);
    const graph = structureOf(extras, x);
    const edges = vectorsOf(extras, graph, positionsOf(extras, x));
    const functions = gaussians(edges, basis, cutoff);
    const filter = mul(children.filter2(shiftedSoftplus(children.filter1(functions))), cosineCutoff(edges, cutoff));
    const received = graph.sumAtReceivers(mul(graph.at("senders", children.before(x)), filter));
    return add(x, children.after2(shiftedSoftplus(children.after1(received))));
  },
});
