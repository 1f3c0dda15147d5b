// What a layer is given, by path, so that derivatives can be taken in any part of it.
import { apply, type Layer, type TensorTree } from "@hooke/core";
import {
  asTensor,
  type HostArray,
  isFloat,
  type Key,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";
import type { Setup } from "./case.ts";

const treeOf = ({ variables, x, extras }: Setup): Tree<HostArray> => ({ x, extras, params: variables.params });

/** The input, the extras and the parameters: `x`, `extras.memory`, `params.kernel`. */
export function inputsOf(setup: Setup): Readonly<Record<"floats" | "others", Readonly<Record<string, HostArray>>>> {
  const part = (floats: boolean) => {
    const leaves = treeLeaves<HostArray>(treeOf(setup)).filter(({ value }) => isFloat(value.dtype) === floats);
    return Object.fromEntries(leaves.map(({ path, value }) => [path, value]));
  };
  return { floats: part(true), others: part(false) };
}

/**
 * Applies a layer while recording.
 *
 * @param given tensors by path, as of {@link inputsOf}; what is left out is as in the setup
 * @param state default: as in the setup
 */
export function applyTo(
  layer: Layer,
  setup: Setup,
  given: Readonly<Record<string, Tensor>>,
  { training, key, state }: { readonly training: boolean; readonly key: Key; readonly state?: TensorTree },
): { readonly output: Tensor; readonly state: TensorTree } {
  const tree = treeMap(treeOf(setup), (array: HostArray, path: string) => given[path] ?? asTensor(array));
  const { x, extras, params } = tree as unknown as { x: Tensor; extras: Record<string, Tensor>; params: TensorTree };
  const before = state ?? (treeMap(setup.variables.state, asTensor as never) as TensorTree);
  const { output, state: next } = apply(layer, { params, state: before }, x, { training, key, extras });
  return { output, state: next };
}
