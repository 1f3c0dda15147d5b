// Which networks are candidates for what.
import type { Method } from "@hooke/baselines";
import type { Structure } from "../rules/rules.ts";
import { imageNetwork } from "./image-network.ts";
import type { TrainingOptions } from "./members.ts";
import { network } from "./network.ts";
import { sequenceNetwork } from "./sequence-network.ts";

/**
 * Networks by the names that `rules` have for them: `advise(data, { methods: networksFor, ... })`. Of tables a multilayer perceptron; of sequences a
 * convolutional network, an LSTM and a Transformer; of images a convolutional network; of the others none.
 *
 * @param training of all of them, such as `{ uncertainty: "ensemble" }`: `methods: (structure) => networksFor(structure, { uncertainty: "ensemble" })`
 * @example
 * ```ts
 * import { networksFor } from "@hooke/model-advisor/network";
 *
 * console.log(Object.keys(networksFor("sequences"))); // [ 'convolutional network', 'LSTM', 'Transformer' ]
 * ```
 */
export function networksFor(structure: Structure, training: TrainingOptions = {}): Readonly<Record<string, Method>> {
  switch (structure) {
    case "table":
      return { network: network(training) };
    case "sequences":
      return {
        "convolutional network": sequenceNetwork({ ...training, kind: "convolution" }),
        LSTM: sequenceNetwork({ ...training, kind: "lstm" }),
        Transformer: sequenceNetwork({ ...training, kind: "transformer" }),
      };
    case "images":
      return { "convolutional network": imageNetwork(training) };
    default:
      return {};
  }
}
