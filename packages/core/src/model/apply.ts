// Application: a layer, its variables and a batch to an output and the next state.
import { checkArgument, type Key, type Tensor, treeLeaves, treeMap } from "@hooke/runtime";
import type { Extras } from "./extras.ts";
import { applyModel, createFrame, type Frame } from "./frame.ts";
import { tensorCheck } from "./input.ts";
import { type Layer, layerCheck } from "./layer.ts";
import { nest, type TensorTree, type Variables, variablesCheck } from "./variables.ts";

/** How {@link apply} runs a model. */
export interface ApplyOptions {
  /** Whether layers behave as in training (batch statistics, dropout). Default false. */
  readonly training?: boolean;
  /** Where layers draw random numbers from; a new one for every step. Needed by dropout in training. */
  readonly key?: Key;
  /**
   * What layers need besides the input, by the name they read it under: `{ lengths }`, which none need read where the output has all
   * steps of the input. Default none.
   */
  readonly extras?: Extras;
  /** What {@link Applied} carried out of the batch before, to go on with its sequences. Default: they begin here. */
  readonly carry?: TensorTree;
}

/** Output and next state of a model. */
export interface Applied {
  readonly output: Tensor;
  /** The given state with the entries that layers replaced. */
  readonly state: TensorTree;
  /** What layers carry to the next batch, such as recurrent states, by layer path; `{}` if there is nothing. */
  readonly carry: TensorTree;
  /** What layers show besides their output, such as attention weights, by layer path; `{}` if there is nothing. */
  readonly reports: TensorTree;
}

/**
 * Applies a model to a batch, while recording.
 *
 * @param variables as `init` made them, or as a training step left them
 * @param x `[batch, ...inputShape]`
 * @throws if shapes do not fit, with the layer's path, what it expected and what it received; if no layer reads one of the
 *   extras or of the carried tensors, with those that layers do read
 */
export function apply(layer: Layer, variables: Variables, x: Tensor, options: ApplyOptions = {}): Applied {
  return applyIn("apply", layer, variables, x, options);
}

/** {@link apply}, called `who` in errors, with what a frame knows besides. */
export function applyIn(
  who: string,
  layer: Layer,
  variables: Variables,
  x: Tensor,
  options: ApplyOptions,
  known?: Partial<Frame>,
): Applied {
  checkArgument(who, "the model", layer, layerCheck);
  checkArgument(who, "the variables", variables, variablesCheck);
  checkArgument(who, "the batch", x, tensorCheck);
  const { training = false, key, extras = {}, carry = {} } = options;
  const frame = createFrame({
    training,
    key,
    params: byPath(variables.params),
    state: byPath(variables.state),
    carried: byPath(carry),
    ...known,
  });
  const output = applyModel(frame, layer, x, extras);
  const state = treeMap(variables.state, (_: Tensor, path: string) => frame.state.get(path)!) as TensorTree;
  return { output, state, carry: nest(frame.carry), reports: nest(frame.reports) };
}

const byPath = (tree: TensorTree): Map<string, Tensor> =>
  new Map(treeLeaves<Tensor>(tree).map(({ path, value }) => [path, value]));
