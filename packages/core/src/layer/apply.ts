// Application: a layer, its variables and a batch to an output and the next state.
import { type Key, type Tensor, treeLeaves, treeMap } from "@hooke/runtime";
import { call } from "./frame.ts";
import type { Layer } from "./layer.ts";
import type { TensorTree, Variables } from "./variables.ts";

/** How {@link apply} runs a model. */
export interface ApplyOptions {
  /** Whether layers behave as in training (batch statistics, dropout). Default false. */
  readonly training?: boolean;
  /** Where layers draw random numbers from; a new one for every step. Needed by dropout in training. */
  readonly key?: Key;
}

/** Output and next state of a model. */
export interface Applied {
  readonly output: Tensor;
  /** The given state with the entries that layers replaced. */
  readonly state: TensorTree;
}

/**
 * Applies a model to a batch, while recording.
 *
 * @param variables as `init` made them, or as a training step left them
 * @param x `[batch, ...inputShape]`
 * @throws if shapes do not fit, with the layer's path, what it expected and what it received
 */
export function apply(layer: Layer, variables: Variables, x: Tensor, options: ApplyOptions = {}): Applied {
  const state = byPath(variables.state);
  const output = call(
    {
      training: options.training ?? false,
      key: options.key,
      params: byPath(variables.params),
      state,
      draws: new Map(),
    },
    layer,
    "",
    x,
  );
  return { output, state: treeMap(variables.state, (_: Tensor, path: string) => state.get(path)!) as TensorTree };
}

const byPath = (tree: TensorTree): Map<string, Tensor> =>
  new Map(treeLeaves<Tensor>(tree).map(({ path, value }) => [path, value]));
