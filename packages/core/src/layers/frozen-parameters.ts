// Which parameters training leaves alone: those inside of layers that freeze. Optimizers never see them.
import { checkArgument, type Tree, treeLeaves, treeMap } from "@hooke/runtime";
import { internalsOf, joinPath, type Layer, layerCheck, pathOfChild } from "../model/layer.ts";
import { nest } from "../model/variables.ts";

/**
 * Tells by its dotted path whether a parameter is inside of a `frozen` layer of the model. Training leaves such
 * parameters as they are: optimizers do not see them, and their slots have no entries for them.
 *
 * @example
 * ```ts
 * import { dense, frozen, frozenParameters, sequential } from "@hooke/core";
 *
 * const isFrozen = frozenParameters(sequential({ body: frozen(dense({ units: 4 })), head: dense({ units: 1 }) }));
 * console.log(isFrozen("body.kernel"), isFrozen("head.kernel")); // true false
 * ```
 */
export function frozenParameters(model: Layer): (path: string) => boolean {
  checkArgument("frozenParameters", "the model", model, layerCheck);
  const prefixes = frozenLayers(model, "").map((path) => joinPath(path, ""));
  return (path) => prefixes.some((prefix) => path.startsWith(prefix));
}

/** The parameters of a model that training changes: the tree that its optimizer sees. */
export function trainedPart<T>(model: Layer, params: Tree<T>): Tree<T> {
  const isFrozen = frozenParameters(model);
  const leaves = treeLeaves<T>(params);
  const trained = leaves.filter(({ path }) => !isFrozen(path));
  return trained.length === leaves.length ? params : nest(new Map(trained.map(({ path, value }) => [path, value])));
}

/** All parameters, with those that training changes taken from `trained`. */
export function withTrainedPart<T>(params: Tree<T>, trained: Tree<T>): Tree<T> {
  const changed = new Map(treeLeaves<T>(trained).map(({ path, value }) => [path, value]));
  return treeMap(params, (value: T, path: string) => changed.get(path) ?? value) as Tree<T>;
}

/** Paths of the outermost layers that freeze. */
function frozenLayers(layer: Layer, path: string): string[] {
  const { definition, children } = internalsOf(layer);
  if (definition.freezes === true) return [path];
  return Object.entries(children).flatMap(([name, child]) => frozenLayers(child, pathOfChild(layer, path, name)));
}
