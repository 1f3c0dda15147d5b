// Which layers keep a state, such as running statistics.
import { checkArgument } from "@hooke/runtime";
import { internalsOf, type Layer, layerCheck, nameOf, pathOfChild } from "./layer.ts";

/**
 * The first layer inside of a model that keeps a state while it is trained, as messages name it: `"1 (batchNorm)"`. Frozen ones keep none.
 *
 * @returns undefined where there is none
 * @example
 * ```ts
 * import { batchNorm, dense, sequential, statefulLayer } from "@hooke/core";
 *
 * console.log(statefulLayer(sequential([dense({ units: 8 }), batchNorm()]))); // 1 (batchNorm)
 * ```
 */
export function statefulLayer(layer: Layer): string | undefined {
  checkArgument("statefulLayer", "the model", layer, layerCheck);
  return statefulIn(layer, "");
}

function statefulIn(layer: Layer, path: string): string | undefined {
  const { definition, children } = internalsOf(layer);
  if (definition.freezes === true) return undefined;
  if (definition.state !== undefined) return nameOf(layer, path);
  for (const [name, child] of Object.entries(children)) {
    const found = statefulIn(child, pathOfChild(layer, path, name));
    if (found !== undefined) return found;
  }
  return undefined;
}
