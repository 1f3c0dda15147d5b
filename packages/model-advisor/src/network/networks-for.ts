// Which networks are candidates for what.
import type { Method } from "@hooke/baselines";
import type { Structure } from "../rules/rules.ts";
import { imageNetwork } from "./image-network.ts";
import { network } from "./network.ts";
import { sequenceNetwork } from "./sequence-network.ts";

/**
 * Networks by the names that `rules` have for them: `advise(data, { methods: networksFor, ... })`. Of tables a multilayer perceptron; of sequences a
 * convolutional network, an LSTM and a Transformer; of images a convolutional network; of the others none.
 *
 * @example
 * ```ts
 * import { networksFor } from "@hooke/model-advisor/network";
 *
 * console.log(Object.keys(networksFor("sequences"))); // [ 'convolutional network', 'LSTM', 'Transformer' ]
 * ```
 */
export function networksFor(structure: Structure): Readonly<Record<string, Method>> {
  switch (structure) {
    case "table":
      return { network: network() };
    case "sequences":
      return {
        "convolutional network": sequenceNetwork({ kind: "convolution" }),
        LSTM: sequenceNetwork({ kind: "lstm" }),
        Transformer: sequenceNetwork({ kind: "transformer" }),
      };
    case "images":
      return { "convolutional network": imageNetwork() };
    default:
      return {};
  }
}
