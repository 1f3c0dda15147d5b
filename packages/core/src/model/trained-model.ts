// A trained model: a layer with its variables, and what stands around it.

import type { Preprocessing } from "@hooke/data";
import type { Check, HostArray } from "@hooke/runtime";
import type { InputShape } from "./input.ts";
import { isLayer, type Layer } from "./layer.ts";
import type { Variables } from "./variables.ts";

/** A model with its variables, ready to predict. */
export interface TrainedModel {
  readonly layer: Layer;
  /** Of one row of inputs, after preprocessing: without the batch dimension. */
  readonly inputShape: InputShape;
  readonly variables: Variables<HostArray>;
  /** Applied to inputs before the model, and undone on its predictions. */
  readonly preprocessing?: Preprocessing;
}

const field = (value: unknown, name: string): unknown =>
  (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];

/** Whether a value is a trained model. */
export const isModel = (value: unknown): boolean =>
  isLayer(field(value, "layer")) && typeof (field(value, "variables") ?? undefined) === "object";

/** Expects a trained model. */
export const trainedModelCheck: Check = (value) => {
  if (isModel(value)) return undefined;
  if (isModel(field(value, "model"))) return "a trained model: give its .model";
  return "a trained model, such as the .model that fit returns, or { layer, inputShape, variables }";
};
