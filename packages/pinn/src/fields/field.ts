// Fields: the quantities a problem solves for, each given by a network.
import { isLayer, type Layer } from "@hooke/core";
import { type Check, checkOptions, fail, quoted } from "@hooke/runtime";
import type { Interval } from "../domains/domain.ts";

/** What a network is told of its inputs. */
export interface Inputs {
  /** The coordinates, in the order of its input's columns, each mapped from its bounds to [-1, 1]. */
  readonly coordinates: readonly string[];
  /** In the user's units, by coordinate. */
  readonly bounds: Readonly<Record<string, Interval>>;
}

/** A field: a network from coordinates to one number a point, or to one for each component. */
export interface Field {
  /** The names of its components; none for a scalar. */
  readonly components: readonly string[];
  /** What it depends on. Default all coordinates. */
  readonly coordinates?: readonly string[];
  /** A layer from `[n, coordinates]` to `[n, components]`, numbers of the size of 1. Any layer of core's kind. */
  readonly network: (inputs: Inputs) => Layer;
}

/** Options of every field, whatever its network. */
export interface FieldOptions {
  /** Names of components, such as `["x", "y"]`: the field is a record of them. Default none: a scalar. */
  readonly components?: readonly string[];
  /** Names of the coordinates it depends on: a modulus `["x", "y"]` that does not change in time. Default all. */
  readonly coordinates?: readonly string[];
}

const namesCheck: Check = (value) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((name) => typeof name === "string" && /^\w+$/.test(name)) &&
  new Set(value).size === value.length
    ? undefined
    : 'different names, such as ["x", "y"]';

/** The checks of {@link FieldOptions}, for makers of networks. */
export const fieldChecks = { components: namesCheck, coordinates: namesCheck };

/** Expects a field. */
export const fieldCheck: Check = (value) =>
  typeof (value as Partial<Field> | null | undefined)?.network === "function"
    ? undefined
    : "a field, such as mlp({ units: [20, 20, 20] }) or field(layer)";

/** A field of any network, for makers of networks. */
export function fieldOf(network: Field["network"], { components = [], coordinates }: FieldOptions): Field {
  return Object.freeze({
    components: Object.freeze([...components]),
    ...(coordinates && { coordinates: Object.freeze([...coordinates]) }),
    network,
  });
}

/**
 * A field given by any layer, from `[n, coordinates]` to `[n, 1]`, or to `[n, components]`. Its inputs lie in [-1, 1], and outputs of the size of
 * 1 suit it best: coordinates and values are scaled outside.
 *
 * @throws if it is given no layer
 * @example
 * ```ts
 * import { dense, sequential } from "@hooke/core";
 * import { field } from "@hooke/pinn";
 *
 * const network = sequential([dense({ units: 16, activation: "sigmoid" }), dense({ units: 2 })]);
 * console.log(field(network, { components: ["x", "y"] }).components.length); // 2
 * ```
 */
export function field(layer: Layer, options: FieldOptions = {}): Field {
  if (!isLayer(layer)) fail("field", "received no layer; give one of @hooke/core, such as sequential([ ... ]).");
  checkOptions<FieldOptions>("field", options, { optional: fieldChecks });
  return fieldOf(() => layer, options);
}

/** Checks that a field's coordinates are among the domain's. */
export function checkCoordinates(who: string, field: Field, coordinates: readonly string[]): void {
  const unknown = field.coordinates?.find((name) => !coordinates.includes(name));
  if (unknown !== undefined) {
    fail(who, `depends on ${quoted([unknown])}, which the domain does not have; it has ${quoted(coordinates)}.`);
  }
}
