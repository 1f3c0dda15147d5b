// Layers are values: a type, a JSON config and, out of JSON's sight, the definition that gives them meaning.
import type { Check, Shape, Tensor } from "@hooke/runtime";
import type { ParameterSpecs } from "../initializers/initializer.ts";

/** Where a layer keeps its definition: not enumerable, so a layer is plain `{type, config}` to JSON. */
export const internals: unique symbol = /* @__PURE__ */ Symbol.for("@hooke/core.layer") as never;

/** A layer: frozen, `JSON.stringify`-able as `{type, config}`. Made by what `defineLayer` returns. */
export interface Layer<C = unknown> {
  readonly type: string;
  readonly config: C;
  readonly [internals]: unknown;
}

/** Layers by child name. */
export type Layers = Readonly<Record<string, Layer>>;

/** What a layer keeps out of sight. */
export interface Internals {
  readonly definition: StoredDefinition;
  readonly children: Layers;
  /** Layers inside of one another, this one included. */
  readonly depth: number;
}

/** The definition and the children of a layer. */
export const internalsOf = (layer: Layer): Internals => layer[internals] as Internals;

/** A definition with its type parameters forgotten. */
export interface StoredDefinition {
  readonly params?: (config: unknown, inputShape: Shape) => ParameterSpecs;
  readonly state?: (config: unknown, inputShape: Shape) => ParameterSpecs;
  readonly freezes?: true;
  /** Runs its child, which stands in its place, in a frame; see `recomputed`. */
  readonly around?: (frame: unknown, child: () => Tensor) => Tensor;
  readonly apply: (context: unknown, x: Tensor) => unknown;
}

/** Whether a value is a layer. */
export function isLayer(value: unknown): value is Layer {
  return typeof value === "object" && value !== null && internals in value;
}

/** Expects a layer. */
export const layerCheck: Check = (value) => {
  if (isLayer(value)) return undefined;
  if (Array.isArray(value)) return "a layer: put the list into sequential([ ... ])";
  if (typeof value === "function" && "type" in value) return `a layer: call it, ${value.type}({ ... })`;
  if (isLayer((value as { readonly layer?: unknown } | null | undefined)?.layer)) {
    return "a layer: give its .layer, and its .variables as variables";
  }
  return "a layer, such as sequential([dense({ units: 1 })])";
};

/** How messages name a layer: `features.0 (dense)`, or its type at the root. */
export function nameOf(layer: Layer, path: string): string {
  return path === "" ? layer.type : `${path} (${layer.type})`;
}

/** The path of a child or of a variable. */
export function joinPath(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** Whether what is inside of a layer stands in its place: wrapping and unwrapping it moves none of its variables. */
export function isWrapper(layer: Layer): boolean {
  const { freezes, around } = internalsOf(layer).definition;
  return freezes === true || around !== undefined;
}

/** The path of a layer inside another. */
export function pathOfChild(layer: Layer, path: string, name: string): string {
  return isWrapper(layer) ? path : joinPath(path, name);
}
