// Taps: what flows between the layers of a model, read or put there, by the path of the layer it comes from.
import {
  checkArgument,
  describe,
  fail,
  HookeError,
  isTensor,
  quoted,
  show,
  suggestion,
  type Tensor,
} from "@hooke/runtime";
import { type Applied, type ApplyOptions, applyIn } from "./apply.ts";
import type { Visit } from "./frame.ts";
import { isWrapper, type Layer } from "./layer.ts";
import type { Variables } from "./variables.ts";

/** What {@link applyTapped} reads and puts in its place. */
export interface TapOptions extends ApplyOptions {
  /**
   * Whether layers draw random numbers from `key` as in training while those with running statistics use and keep them as in inference: what Monte
   * Carlo dropout samples from. Default false.
   */
  readonly sampling?: boolean;
  /** Paths of the layers whose outputs are read, as `summary` lists them; also of layers made of others. Default none. */
  readonly taps?: readonly string[];
  /** Paths of the layers whose inputs are read. Default none. */
  readonly inputs?: readonly string[];
  /**
   * Tensors to go on with in place of the outputs of layers, by path. What only served such an output is not computed.
   * Default none.
   */
  readonly given?: Readonly<Record<string, Tensor>>;
}

/** What `apply` returns, and the outputs and inputs that were asked for. */
export interface Tapped extends Applied {
  /** Outputs of layers by their paths, `[batch, ...]`. */
  readonly taps: Readonly<Record<string, Tensor>>;
  /** What layers were given, by their paths, `[batch, ...]`. */
  readonly inputs: Readonly<Record<string, Tensor>>;
}

/**
 * Applies a model to a batch as `apply` does, while recording, and reads outputs and inputs of layers inside of it, or
 * goes on with other outputs in their place. The model as a function of such an output has derivatives in it, to any order.
 *
 * A layer that runs several times has the outputs `path`, `path#1`, ... in turn.
 *
 * @throws what `apply` throws; on a path of no layer; if what is given has not the shape and dtype of the layer's output
 * @example
 * ```ts
 * import { applyTapped, dense, initialize, sequential, type Variables } from "@hooke/core";
 * import { array, grad, referenceBackend, run, sum, type Tensor } from "@hooke/runtime";
 *
 * const model = sequential({ body: dense({ units: 3, activation: "tanh" }), head: dense({ units: 1 }) });
 * const backend = referenceBackend();
 * const variables = await initialize(backend, model, [2], 0);
 * // How the prediction moves with what reaches the head.
 * const sensitivity = (variables: Variables, x: Tensor) => {
 *   const { taps } = applyTapped(model, variables, x, { taps: ["body"] });
 *   return grad((body: Tensor) => sum(applyTapped(model, variables, x, { given: { body } }).output))(taps.body!);
 * };
 * const { shape } = (await run(backend, sensitivity as never, variables as never, array([[1, 2]]) as never)) as Tensor;
 * console.log(shape); // [ 1, 3 ]
 * ```
 */
export function applyTapped(layer: Layer, variables: Variables, x: Tensor, options: TapOptions): Tapped {
  checkArgument("applyTapped", "the options", options, (value) =>
    typeof value === "object" && value !== null ? undefined : '{ taps: ["path"] }',
  );
  const { taps = [], inputs = [], given = {}, sampling = false, ...others } = options;
  for (const [path, tensor] of Object.entries(given)) {
    if (!isTensor(tensor)) fail("applyTapped", `given "${path}" is ${show(tensor)}; give a tensor.`);
  }
  const read = new Map<string, Tensor>();
  const received = new Map<string, Tensor>();
  const known: string[] = [];
  const visit: Visit = (visited, path, output, _own, _frozen, input) => {
    // What a layer wraps stands in its place and is seen there.
    if (isWrapper(visited)) return undefined;
    const times = known.filter((name) => name === path || name.startsWith(`${path}#`)).length;
    const name = times === 0 ? path : `${path}#${times}`;
    known.push(name);
    const placed = Object.hasOwn(given, name) ? given[name]! : output;
    if (describe(placed) !== describe(output)) {
      throw new HookeError(`received ${describe(placed)} to go on with; its output is ${describe(output)}.`, {
        code: "mismatch",
      });
    }
    if (taps.includes(name)) read.set(name, placed);
    if (inputs.includes(name)) received.set(name, input);
    return placed;
  };
  const applied = applyIn("applyTapped", layer, variables, x, others, { visit, sampling });
  for (const path of [...taps, ...inputs, ...Object.keys(given)]) {
    if (known.includes(path)) continue;
    const list = known.length > 20 ? `${quoted(known.slice(0, 20))} and ${known.length - 20} more` : quoted(known);
    fail(
      "applyTapped",
      `received the path "${path}", which no layer has.${suggestion(path, known.filter(Boolean))} Paths: ${list}.`,
      "mismatch",
    );
  }
  return { ...applied, taps: Object.fromEntries(read), inputs: Object.fromEntries(received) };
}
