// Models from JSON: `{type, config}` back to layers, through the plugins that have the types. The JSON may come from anywhere.
import { fail, HookeError, lookUp, type Plugin, show } from "@hooke/runtime";
import type { Layer } from "./layer.ts";

/** Layers are built by recursion; no model comes near this depth. */
const maxDepth = 500;

/**
 * Rebuilds a layer from what `JSON.parse(JSON.stringify(layer))` gives.
 *
 * @param plugins where the types are looked up
 * @throws if a type is unknown (naming the package that has it), on configs the layer refuses, and on JSON nested deeper
 *   than 500
 */
export function layerFromJson(json: unknown, plugins: readonly Plugin[]): Layer {
  if (!isLayerJson(json)) {
    fail("layerFromJson", `received ${show(json)}; expected {"type": ..., "config": ...}.`);
  }
  if (!Array.isArray(plugins))
    fail("layerFromJson", `received ${show(plugins)} as plugins; give a list, such as [core].`);
  return revive(json, plugins, 0) as Layer;
}

interface LayerJson {
  readonly type: string;
  readonly config: unknown;
}

function isLayerJson(value: unknown): value is LayerJson {
  if (typeof value !== "object" || value === null) return false;
  return (
    Object.hasOwn(value, "config") && Object.hasOwn(value, "type") && typeof (value as LayerJson).type === "string"
  );
}

function revive(value: unknown, plugins: readonly Plugin[], depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > maxDepth) {
    fail(
      "layerFromJson",
      `received layers nested deeper than ${maxDepth}; this is no model, or a record that holds itself.`,
    );
  }
  if (isLayerJson(value)) {
    const layer = lookUp(plugins, "layers", value.type) as (config: unknown) => Layer;
    return construct(value.type, layer, revive(value.config, plugins, depth + 1));
  }
  if (Array.isArray(value)) return value.map((item) => revive(item, plugins, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, plugins, depth + 1)]));
}

function construct(type: string, layer: (config: unknown) => Layer, config: unknown): Layer {
  try {
    return layer(config);
  } catch (error) {
    if (error instanceof HookeError) throw error;
    // A constructor that takes its types at their word.
    throw new HookeError(`${type}: received ${show(config)}, which it cannot use: ${String(error)}`, { cause: error });
  }
}
