// Initialisation: a layer and an input shape to variables, by applying the layer once to a symbolic input.
import { type Backend, checkArgument, fold, type HostArray, type Key, randomKey, run } from "@hooke/runtime";
import { createParameter } from "../initializers/initializer.ts";
import { applyModel, createFrame } from "./frame.ts";
import { exampleBatch, type InputShape, inputCheck, inputSpec } from "./input.ts";
import { type Layer, layerCheck } from "./layer.ts";
import { nest, type Variables } from "./variables.ts";

/**
 * Makes the variables of a model, while recording. Each parameter draws from its own key, `fold(key, path)`, so that
 * adding a layer leaves the others as they were.
 *
 * @param input shape of one row, without the batch dimension; or {@link InputShape} with dtype and extras
 * @param dtype of parameters and state; default that of the input where it is `f64`, else `f32`
 * @throws if a layer refuses the shape it would receive, with the layer's path; if no layer reads one of the extras
 */
export function init(layer: Layer, input: InputShape, key: Key, dtype?: "f32" | "f64"): Variables {
  checkArgument("init", "the model", layer, layerCheck);
  checkArgument("init", "the input", input, inputCheck);
  const precision = dtype ?? (inputSpec(input).dtype === "f64" ? "f64" : "f32");
  const frame = createFrame({ create: (path, spec) => createParameter(spec, fold(key, path), precision) });
  const { x, extras } = exampleBatch(input, precision);
  applyModel(frame, layer, x, extras);
  return { params: nest(frame.params), state: nest(frame.state) };
}

/**
 * {@link init} on a backend, from a seed.
 *
 * @param seed a whole number from 0 to 2^53 - 1
 * @returns host arrays: the same seed gives the same bits on one backend
 */
export async function initialize(
  backend: Backend,
  layer: Layer,
  input: InputShape,
  seed: number,
  dtype?: "f32" | "f64",
): Promise<Variables<HostArray>> {
  const variables = (key: Key): Variables => init(layer, input, key, dtype);
  return (await run(backend, variables as (key: Key) => unknown, randomKey(seed))) as Variables<HostArray>;
}
