// Directed message passing: messages live on edges, and none returns at once to where it came from.
import { type Activation, activate, activationCheck, defineLayer, dense } from "@hooke/core";
import {
  add,
  checks,
  concat,
  describe,
  gather,
  HookeError,
  iota,
  less,
  mul,
  reshape,
  select,
  sub,
} from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of {@link directedMessages}. */
export interface DirectedMessagesConfig {
  /** Features of each edge while messages are passed, and of each node in the result. */
  readonly units: number;
  /** How often messages are passed on. Default 3. */
  readonly steps?: number;
  /** Default `"relu"`. */
  readonly activation?: Activation;
}

/**
 * Messages along edges, `h = activation(h0 + message(sum of the messages that the sender received - the one of the reverse edge))`, begun with those of
 * sender and edge; then nodes of their own features and the messages they received: `[rows, nodes, features]` to `[rows, nodes, units]`. Yang et al., "Analyzing
 * learned molecular representations for property prediction", J. Chem. Inf. Model. 59 (2019).
 *
 * The extra `reverse`, `i32[rows, edges]`, says which edge of its row leads back, or -1.
 *
 * Parameters: the dense layers `start` and `message`, without bias, and `end`.
 */
export const directedMessages = /* @__PURE__ */ defineLayer({
  type: "directedMessages",
  options: {
    required: { units: checks.count },
    optional: { steps: checks.countUpTo(100), activation: activationCheck },
  },
  children: ({ units }: DirectedMessagesConfig) => ({
    start: dense({ units, bias: false }),
    message: dense({ units, bias: false }),
    end: dense({ units }),
  }),
  apply: ({ config: { steps = 3, activation = "relu" }, children: { start, message, end }, extras }, x) => {
    checkNodes(x);
    const graph = structureOf(extras, x);
    const { reverse } = extras;
    const { shape } = extras.senders!;
    if (reverse === undefined || describe(reverse) !== `i32[${shape.join(", ")}]`) {
      throw new HookeError(
        `expected the extra reverse, i32[${shape.join(", ")}], received ${reverse === undefined ? "none" : describe(reverse)}; ` +
          "graphDataset makes it where every edge has one that leads back.",
        { code: "mismatch" },
      );
    }
    const back = reshape(select(less(reverse, 0), -1, add(reverse, mul(iota([shape[0]!, 1], 0), shape[1]!))), [-1]);
    const sent = graph.at("senders", x);
    const first = start(graph.edges === undefined ? sent : concat([sent, graph.edges], 1));
    let messages = activate(activation, first);
    for (let step = 1; step < steps; step++) {
      const others = sub(graph.at("senders", graph.sumAtReceivers(messages)), gather(messages, back));
      messages = activate(activation, add(first, message(others)));
    }
    return activate(activation, end(concat([x, graph.sumAtReceivers(messages)], 2)));
  },
});
