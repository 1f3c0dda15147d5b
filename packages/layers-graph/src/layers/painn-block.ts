// Polarizable interaction: scalars and vectors of nodes are passed along edges, and act on one another.
import { defineLayer, dense, silu } from "@hooke/core";
import { add, concat, div, mul, reshape, sliceAxis, splitAxis, sqrt, square, sum } from "@hooke/runtime";
import { cosineCutoff, positionsOf, sines, vectorsOf } from "../geometry.ts";
import { checkNodes, structureOf } from "../structure.ts";
import { type DistanceConfig, distanceOptions } from "./schnet-block.ts";

/**
 * One message and one update of PaiNN. Nodes have `units` scalars and as many vectors, side by side in four parts, `[rows, nodes, 4 units]`: the scalars, then the
 * vectors' components. Where all positions are turned, scalars stay and vectors turn with them. Schuett, Unke and Gastegger, "Equivariant message
 * passing for the prediction of tensorial properties and molecular spectra", ICML 2021.
 *
 * Reads the extra `positions`, `[rows, nodes, 3]`, and `shifts`, `[rows, edges, 3]`, where nodes repeat periodically.
 *
 * Parameters: the dense layers `filter`, `message1`, `message2`, `left` and `right` (without bias), `update1` and `update2`.
 *
 * @throws if nodes do not have `4 units` features, or no positions
 */
export const painnBlock = /* @__PURE__ */ defineLayer({
  type: "painnBlock",
  options: distanceOptions,
  children: ({ units }: DistanceConfig) => ({
    filter: dense({ units: 3 * units }),
    message1: dense({ units }),
    message2: dense({ units: 3 * units }),
    left: dense({ units, bias: false }),
    right: dense({ units, bias: false }),
    update1: dense({ units }),
    update2: dense({ units: 3 * units }),
  }),
  apply: ({ config: { units, cutoff, basis = 20 }, children, extras }, x) => {
    checkNodes(x, 4 * units);
    const graph = structureOf(extras, x);
    const [rows, nodes] = x.shape as [number, number];
    const scalars = sliceAxis(x, 2, 0, units);
    const vectors = reshape(sliceAxis(x, 2, units, 4 * units), [rows, nodes, 3, units]);

    const edges = vectorsOf(extras, graph, positionsOf(extras, x));
    const filter = mul(children.filter(sines(edges, basis, cutoff)), cosineCutoff(edges, cutoff));
    const sent = mul(graph.at("senders", children.message2(silu(children.message1(scalars)))), filter);
    const [ofScalars, ofVectors, ofDirections] = splitAxis(sent, 1, 3).map((part) => reshape(part, [-1, 1, units]));
    const directions = reshape(div(edges.vectors, edges.distances), [-1, 3, 1]);
    const turned = add(mul(graph.at("senders", vectors), ofVectors!), mul(directions, ofDirections!));
    const s = add(scalars, graph.sumAtReceivers(reshape(ofScalars!, [-1, units])));
    const v = add(vectors, graph.sumAtReceivers(turned));

    const [left, right] = [children.left(v), children.right(v)];
    // A little more than 0 under the root: the length of 0 has no derivative.
    const lengths = sqrt(add(sum(square(right), { axes: 2 }), 1e-8));
    const update = children.update2(silu(children.update1(concat([s, lengths], 2))));
    const [byProduct, alone, byVectors] = splitAxis(update, 2, 3);
    const products = sum(mul(left, right), { axes: 2 });
    const nextScalars = add(s, add(mul(products, byProduct!), alone!));
    const nextVectors = add(v, mul(left, reshape(byVectors!, [rows, nodes, 1, units])));
    return concat([nextScalars, reshape(nextVectors, [rows, nodes, 3 * units])], 2);
  },
});
