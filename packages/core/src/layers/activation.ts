// Activations by name: the values that layers take as an option, and the layer that is nothing else.
import {
  type Check,
  checkArgument,
  checks,
  exp,
  logSoftmax,
  type Operand,
  type OptionTable,
  sigmoid,
  softmax,
  type Tensor,
  tanh,
} from "@hooke/runtime";
import { defineLayer, type LayerContext } from "../model/define-layer.ts";
import {
  elu,
  eluOptions,
  gelu,
  geluOptions,
  hardSigmoid,
  hardSwish,
  leakyRelu,
  leakyReluOptions,
  mish,
  relu,
  selu,
  silu,
  sine,
  sineOptions,
  softplus,
} from "./activations.ts";

/** The activations by name, with their options. */
export interface ActivationOptions {
  readonly elu: { readonly alpha?: number };
  readonly exp: Record<never, never>;
  readonly gelu: { readonly approximate?: "none" | "tanh" };
  readonly hardSigmoid: Record<never, never>;
  readonly hardSwish: Record<never, never>;
  readonly leakyRelu: { readonly negativeSlope?: number };
  /** Along the last axis. */
  readonly logSoftmax: Record<never, never>;
  readonly mish: Record<never, never>;
  readonly relu: Record<never, never>;
  readonly selu: Record<never, never>;
  readonly sigmoid: Record<never, never>;
  readonly silu: Record<never, never>;
  /** `sin(frequency x)`, default frequency 1. */
  readonly sin: { readonly frequency?: number };
  /** Along the last axis. */
  readonly softmax: Record<never, never>;
  readonly softplus: Record<never, never>;
  readonly tanh: Record<never, never>;
}

/** The names of the activations. */
export type ActivationName = keyof ActivationOptions;

/** An activation: a name, or a name with options: `"relu"`, `{ name: "leakyRelu", negativeSlope: 0.2 }`. */
export type Activation =
  | ActivationName
  | { readonly [N in ActivationName]: { readonly name: N } & ActivationOptions[N] }[ActivationName];

interface Rule<O> {
  readonly options: OptionTable<O>;
  /** Called with options where it has some. */
  apply(x: Operand, options?: O): Tensor;
}

const rules: { readonly [N in ActivationName]: Rule<ActivationOptions[N]> } = {
  elu: { options: eluOptions, apply: elu },
  exp: { options: {}, apply: exp },
  gelu: { options: geluOptions, apply: gelu },
  hardSigmoid: { options: {}, apply: hardSigmoid },
  hardSwish: { options: {}, apply: hardSwish },
  leakyRelu: { options: leakyReluOptions, apply: leakyRelu },
  logSoftmax: { options: {}, apply: (x) => logSoftmax(x) },
  mish: { options: {}, apply: mish },
  relu: { options: {}, apply: relu },
  selu: { options: {}, apply: selu },
  sigmoid: { options: {}, apply: sigmoid },
  silu: { options: {}, apply: silu },
  sin: { options: sineOptions, apply: sine },
  softmax: { options: {}, apply: (x) => softmax(x) },
  softplus: { options: {}, apply: softplus },
  tanh: { options: {}, apply: tanh },
};

/** Every {@link ActivationName}, in alphabetical order. */
export const activationNames: readonly ActivationName[] = /* @__PURE__ */ Object.keys(rules) as ActivationName[];

/** Applies an activation to a tensor, element by element (softmax and logSoftmax: along the last axis). */
export function activate(activation: Activation, x: Operand): Tensor {
  checkArgument("activate", "the activation", activation, activationCheck);
  const { name, ...options } = typeof activation === "string" ? { name: activation } : activation;
  const rule: Rule<never> = rules[name];
  return rule.options.optional === undefined ? rule.apply(x) : rule.apply(x, options as never);
}

/** Expects an activation. @throws on options it does not have */
export const activationCheck: Check = /* @__PURE__ */ checks.ruleOf("activation", rules);

/**
 * An activation as a layer: `activation("relu")`, `activation({ name: "gelu", approximate: "tanh" })`.
 *
 * @throws on a name or an option there is not
 */
export const activation = /* @__PURE__ */ defineLayer({
  type: "activation",
  options: activationCheck,
  apply: ({ config }: LayerContext<Activation>, x) => activate(config, x),
});
