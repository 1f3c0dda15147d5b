/**
 * Networks as candidates. An entry of its own, so that who compares without them does not download the training loop.
 *
 * @packageDocumentation
 */
export { type NetworkOptions, type NetworkState, network, type Weights } from "./network.ts";
