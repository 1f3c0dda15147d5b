// Types of compiled functions: host arrays stand where tensors stood, also in trees of which only the leaves are known.
import type { HostArray } from "./array.ts";
import type { HostInput, HostOutput } from "./compile.ts";
import type { Tensor } from "./tensor.ts";
import type { Tree } from "./tree.ts";

interface Variables {
  readonly params: Tree<Tensor>;
  readonly step: Tensor;
}

declare const variables: HostOutput<Variables>;
export const params: Tree<HostArray> = variables.params;
export const step: HostArray = variables.step;

declare const results: HostOutput<{ readonly loss: Tensor; readonly parts: readonly [Tensor, Tensor] }>;
export const arrays: readonly [HostArray, HostArray, HostArray] = [results.loss, ...results.parts];

export const given: HostInput<Variables> = { params: { kernel: step, bias: [0, step] }, step: 1 };
// @ts-expect-error a leaf is an array or a number
export const wrong: HostInput<Variables> = { params: { kernel: "zeros" }, step: 1 };

declare const anything: HostOutput<unknown>;
export const unknown: unknown = anything;
// @ts-expect-error nothing is known of it
export const known: HostArray = anything;
