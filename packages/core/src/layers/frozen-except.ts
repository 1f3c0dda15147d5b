// A layer frozen but for some of the layers inside of it: what fine-tuning trains.
import { checkArgument, checks, fail, nothingMore, quoted, suggestion } from "@hooke/runtime";
import { internals, internalsOf, type Layer, type Layers, layerCheck } from "../model/layer.ts";
import { frozen } from "./frozen.ts";

/**
 * The layer with everything `frozen` inside of it but the layers at these paths. Its variables have the paths of the layer's own, and so
 * do its type and config: a file of it holds the layer as it is without this, all of it trained. For fine-tuning, from the top to the bottom.
 *
 * @param trained paths of layers inside of it, such as `["layer4", "layer3.1"]`
 * @throws on a path of no layer
 * @example
 * ```ts
 * import { dense, frozenExcept, sequential, summary } from "@hooke/core";
 *
 * const model = sequential({ body: dense({ units: 64 }), neck: dense({ units: 8 }), head: dense({ units: 1 }) });
 * const { parameters, trainedParameters } = summary(frozenExcept(model, ["neck", "head"]), [10]);
 * console.log(parameters, trainedParameters); // 1233 529
 * ```
 */
export function frozenExcept(layer: Layer, trained: readonly string[], ...more: []): Layer {
  nothingMore("frozenExcept", more);
  checkArgument("frozenExcept", "the layer", layer, layerCheck);
  checkArgument("frozenExcept", "the paths", trained, checks.list);
  const { definition, children, depth } = internalsOf(layer);
  const names = Object.keys(children);
  // What stands in the place of its layer has that layer's paths.
  const inPlace = definition.around !== undefined;
  for (const path of inPlace ? [] : trained) {
    const [name] = path.split(".");
    if (Object.hasOwn(children, name!)) continue;
    fail(
      "frozenExcept",
      `${layer.type} has no layer "${path}".${suggestion(name!, names)} It has ${quoted(names) || "none"}.`,
      "mismatch",
    );
  }
  const held = Object.entries(children).map(([name, child]): readonly [string, Layer] => {
    if (!inPlace && trained.includes(name)) return [name, child];
    const inside = inPlace
      ? trained
      : trained.filter((path) => path.startsWith(`${name}.`)).map((path) => path.slice(name.length + 1));
    return [name, inside.length === 0 ? frozen(child) : frozenExcept(child, inside)];
  });
  const value = { definition, children: Object.freeze(Object.fromEntries(held)) as Layers, depth: depth + 1 };
  return Object.freeze(
    Object.defineProperty({ type: layer.type, config: layer.config }, internals, { value }),
  ) as Layer;
}
