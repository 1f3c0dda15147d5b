// Embeddings: what stands between the coordinates and a network.
import { apply, init, isLayer, type Layer, sequential } from "@hooke/core";
import {
  type Check,
  checkOptions,
  checks,
  fail,
  full,
  nothingMore,
  quoted,
  randomKey,
  record,
  suggestion,
} from "@hooke/runtime";
import type { Inputs } from "../fields/field.ts";
import { periodicFeatures } from "./layers/periodic-features.ts";

/** An embedding that depends on what the columns are. Those that do not are layers, such as `fourierFeatures()`. */
export interface Embedding {
  /** @param inputs what the columns are. Behind another embedding they are no coordinates: there are none. */
  readonly embed: (inputs: Inputs) => Layer;
}

const isEmbedding = (value: unknown): value is Embedding =>
  typeof (value as Partial<Embedding> | null | undefined)?.embed === "function";

/** Expects a list of embeddings. */
export const embeddingCheck: Check = (value) =>
  Array.isArray(value) && value.every((each) => isLayer(each) || isEmbedding(each))
    ? undefined
    : "a list of embeddings and layers, such as [periodic({ x: 2 }), fourierFeatures()]";

/**
 * Makes a field exactly periodic, with all its derivatives: the coordinate enters as the cosine and the sine of its angle. Dong and Ni, "A method for representing periodic
 * functions and enforcing exactly periodic boundary conditions with deep neural networks", J. Comput. Phys. 435 (2021). It comes first among embeddings.
 *
 * @param periods by coordinate, in the user's units
 * @throws if a period is not above 0; where the field has no such coordinate, when its network is made
 * @example
 * ```ts
 * import { fourierFeatures, mlp, periodic } from "@hooke/pinn";
 *
 * // On a domain with x from -1 to 1: u(-1, t) = u(1, t), and u_x, u_xx, ... likewise.
 * const u = mlp({ embedding: [periodic({ x: 2 }), fourierFeatures({ count: 16 })] });
 * console.log(u.components.length); // 0
 * ```
 */
export function periodic(periods: Readonly<Record<string, number>>, ...more: []): Embedding {
  nothingMore("periodic", more);
  if (typeof periods !== "object" || periods === null || Object.keys(periods).length === 0)
    fail("periodic", "received no periods; give one by the name of its coordinate, as in periodic({ x: 2 }).");
  checkOptions("periodic", periods, {
    required: Object.fromEntries(Object.keys(periods).map((name) => [name, checks.positive])),
  });
  const fixed = { ...periods };
  return Object.freeze({
    embed: ({ coordinates, bounds }: Inputs) => {
      for (const name of Object.keys(fixed)) {
        if (coordinates.includes(name)) continue;
        const cure =
          coordinates.length === 0
            ? "behind another embedding there are no coordinates: put it first"
            : `the field has ${quoted(coordinates)}.${suggestion(name, coordinates)}`;
        fail("periodic", `received a period of "${name}", which is no coordinate here; ${cure}`);
      }
      return periodicFeatures({
        frequencies: coordinates.map((name) => {
          const [low, high] = bounds[name]!;
          return Object.hasOwn(fixed, name) ? (Math.PI * (high - low)) / fixed[name]! : 0;
        }),
      });
    },
  });
}

/** Embeddings one after another as layers. */
export function embeddingLayers(embedding: readonly (Embedding | Layer)[], inputs: Inputs): Layer[] {
  return embedding.map((each, i) => {
    if (isLayer(each)) return each;
    return each.embed(i === 0 ? inputs : { coordinates: [], bounds: {} });
  });
}

/** How many columns layers make of the coordinates. */
export function widthOf(layers: readonly Layer[], { coordinates }: Inputs): number {
  const inputs = coordinates.length;
  if (layers.length === 0) return inputs;
  let width = 0;
  record(() => {
    const layer = sequential(layers);
    const variables = init(layer, [inputs], randomKey(0) as never, "f64");
    const { output } = apply(layer, variables, full([1, inputs], 0, "f64"));
    width = output.shape.at(-1)!;
    return output;
  });
  return width;
}
