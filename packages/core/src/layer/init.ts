// Initialisation: a layer and an input shape to variables, by applying the layer once to a symbolic input.
import {
  type Backend,
  fold,
  full,
  type HostArray,
  type Key,
  randomKey,
  run,
  type Shape,
  type Tensor,
} from "@hooke/runtime";
import { createParameter } from "../initializers/initializer.ts";
import { call } from "./frame.ts";
import type { Layer } from "./layer.ts";
import { nest, type Variables } from "./variables.ts";

/**
 * Makes the variables of a model, while recording. Each parameter draws from its own key, `fold(key, path)`, so that
 * adding a layer leaves the others as they were.
 *
 * @param inputShape without the batch dimension
 * @param dtype of parameters and state; default `f32`
 * @throws if a layer refuses the shape it would receive, with the layer's path
 */
export function init(layer: Layer, inputShape: Shape, key: Key, dtype: "f32" | "f64" = "f32"): Variables {
  const params = new Map<string, Tensor>();
  const state = new Map<string, Tensor>();
  call(
    {
      training: false,
      key: undefined,
      params,
      state,
      create: (path, spec) => createParameter(spec, fold(key, path), dtype),
      draws: new Map(),
    },
    layer,
    "",
    full([1, ...inputShape], 0, dtype),
  );
  return { params: nest(params), state: nest(state) };
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
  inputShape: Shape,
  seed: number,
  dtype: "f32" | "f64" = "f32",
): Promise<Variables<HostArray>> {
  const variables = (key: Key): Variables => init(layer, inputShape, key, dtype);
  return (await run(backend, variables as (key: Key) => unknown, randomKey(seed))) as Variables<HostArray>;
}
