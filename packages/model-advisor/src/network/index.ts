/**
 * Networks as candidates. An entry of its own, so that who compares without them does not download the training loop.
 *
 * @packageDocumentation
 */
export { type Uncertainty, uncertainties } from "./heads.ts";
export { type ImageNetworkOptions, type ImageNetworkState, imageNetwork } from "./image-network.ts";
export type { TrainingOptions } from "./members.ts";
export { type NetworkOptions, type NetworkState, network, type Weights } from "./network.ts";
export { networksFor } from "./networks-for.ts";
export { type SequenceNetworkOptions, type SequenceNetworkState, sequenceNetwork } from "./sequence-network.ts";
