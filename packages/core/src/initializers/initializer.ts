// Initializers: JSON values that say how a variable starts, and the function that carries them out.
import { type Check, checks, type Key, type Shape, type Tensor } from "@hooke/runtime";
import { type InitializerOptions, rules } from "./rules.ts";

/** The names of the initializers. */
export type InitializerName = keyof InitializerOptions;

/** How a variable starts: a name, or a name with options: `"zeros"`, `{ name: "normal", standardDeviation: 0.02 }`. */
export type Initializer =
  | { readonly [N in InitializerName]: Record<never, never> extends InitializerOptions[N] ? N : never }[InitializerName]
  | { readonly [N in InitializerName]: { readonly name: N } & InitializerOptions[N] }[InitializerName];

/** What the author of a layer may give in place of an {@link Initializer} where it is not an option of the layer. */
export type InitializerFunction = (key: Key, shape: Shape, dtype: "f32" | "f64") => Tensor;

/** A variable of a layer. */
export interface ParameterSpec {
  readonly shape: Shape;
  readonly initializer: Initializer | InitializerFunction;
  /** What initializers scale with. Default: the product of all dimensions but the last; a bias gives its kernel's. */
  readonly fanIn?: number;
}

/** Parameters or state of a layer by name; an undefined one is left out. */
export type ParameterSpecs = Readonly<Record<string, ParameterSpec | undefined>>;

/** Expects an initializer. @throws on options it does not have */
export const initializerCheck: Check = /* @__PURE__ */ checks.ruleOf("initializer", rules);

/**
 * A new variable, while recording.
 *
 * @throws if the initializer scales with a fan and the shape has fewer than two dimensions
 */
export function createParameter(spec: ParameterSpec, key: Key, dtype: "f32" | "f64" = "f32"): Tensor {
  const { shape, fanIn } = spec;
  if (typeof spec.initializer === "function") return spec.initializer(key, shape, dtype);
  const { name, ...options } = typeof spec.initializer === "string" ? { name: spec.initializer } : spec.initializer;
  return rules[name].create({ key, shape, dtype, fanIn }, options as never);
}
