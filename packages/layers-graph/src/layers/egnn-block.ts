// Equivariant convolution of positions: nodes move along the lines to their neighbours.
import { defineLayer, dense } from "@hooke/core";
import { add, checks, concat, div, full, maximum, mul, select, sliceAxis, square, type Tensor } from "@hooke/runtime";
import { vectorsOf } from "../geometry.ts";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of {@link egnnBlock}. */
export interface EgnnBlockConfig {
  /** Features of each node, in the input and in the result, besides its position. */
  readonly units: number;
}

/**
 * Features and positions side by side, `[rows, nodes, units + 3]`, to the same shape: features see distances alone, and positions move along the vectors to
 * neighbours by the mean of what the messages say. Features do not change where all positions are turned, shifted or mirrored, and positions change
 * with them. Satorras, Hoogeboom and Welling, "E(n) equivariant graph neural networks", ICML 2021.
 *
 * Reads the extra `shifts`, `[rows, edges, 3]`, where nodes repeat periodically; the positions are part of the input.
 *
 * Parameters: the dense layers `message1`, `message2`, `move1`, `move2` (without bias), `node1` and `node2`.
 *
 * @throws if nodes do not have `units + 3` features
 */
export const egnnBlock = /* @__PURE__ */ defineLayer({
  type: "egnnBlock",
  options: { required: { units: checks.count } },
  children: ({ units }: EgnnBlockConfig) => ({
    message1: dense({ units, activation: "silu" }),
    message2: dense({ units, activation: "silu" }),
    move1: dense({ units, activation: "silu" }),
    // Small at first, as the authors have it: positions that jump would not come back.
    move2: dense({ units: 1, bias: false, kernelInitializer: { name: "glorotUniform", gain: 0.001 } }),
    node1: dense({ units, activation: "silu" }),
    node2: dense({ units }),
  }),
  apply: ({ config: { units }, children, extras }, x) => {
    checkNodes(x, units + 3);
    const graph = structureOf(extras, x);
    const features = sliceAxis(x, 2, 0, units);
    const positions = sliceAxis(x, 2, units, units + 3);
    const { vectors, distances, apart } = vectorsOf(extras, graph, positions);
    const squared = select(apart, square(distances), 0);
    const seen = [graph.at("receivers", features), graph.at("senders", features), squared];
    const messages = children.message2(
      children.message1(concat(graph.edges === undefined ? seen : [...seen, graph.edges], 1)),
    );
    const received = graph.sumAtReceivers(full([messages.shape[0]!, 1], 1, x.dtype));
    const moves = graph.sumAtReceivers(mul(vectors, children.move2(children.move1(messages))));
    const network = (z: Tensor): Tensor => children.node2(children.node1(z));
    const changed = add(features, network(concat([features, graph.sumAtReceivers(messages)], 2)));
    return concat([changed, add(positions, div(moves, maximum(received, 1)))], 2);
  },
});
