// Models from JSON: `{type, config}` back to layers, through the plugins that have the types.
import { fail, lookUp, type Plugin, show } from "@hooke/runtime";
import type { Layer } from "./layer.ts";

/**
 * Rebuilds a layer from what `JSON.parse(JSON.stringify(layer))` gives.
 *
 * @param plugins where the types are looked up
 * @throws if a type is unknown (naming the package that has it), and on configs the layer refuses
 */
export function layerFromJson(json: unknown, plugins: readonly Plugin[]): Layer {
  if (!isLayerJson(json)) {
    fail("layerFromJson", `received ${show(json)}; expected {"type": ..., "config": ...}.`);
  }
  const construct = lookUp(plugins, "layers", json.type) as (config: unknown) => Layer;
  return construct(revive(json.config, plugins));
}

interface LayerJson {
  readonly type: string;
  readonly config: unknown;
}

function isLayerJson(value: unknown): value is LayerJson {
  if (typeof value !== "object" || value === null) return false;
  return typeof (value as Partial<LayerJson>).type === "string" && "config" in value;
}

function revive(value: unknown, plugins: readonly Plugin[]): unknown {
  if (isLayerJson(value)) return layerFromJson(value, plugins);
  if (Array.isArray(value)) return value.map((item) => revive(item, plugins));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item, plugins)]));
}
