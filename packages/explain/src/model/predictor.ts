// Predictions of any model of arrays: a network, or a function.
import { apply, precisionOf, type TrainedModel, trainedModelCheck } from "@hooke/core";
import { inPrecision, preprocessInputs } from "@hooke/data";
import { type Check, checkArgument, createPauses, describe, fail, type HostArray, isHostArray } from "@hooke/runtime";
import { createBatched } from "./batched.ts";
import type { ExplainOptions } from "./options.ts";
import { outputRows, placeOf, predictionsOf } from "./output.ts";
import { type Rows, takeOf } from "./rows.ts";

/** Predictions `[rows]` or `[rows, outputs]` of inputs `[rows, ...]`, both in the units of the data. */
export type PredictFunction = (inputs: HostArray) => HostArray | Promise<HostArray>;

/** What can be asked for predictions: a network, or any function of arrays. */
export type AnyModel = TrainedModel | PredictFunction;

/** A network needs a backend, a function none. */
export type AskOptions = Omit<ExplainOptions, "backend"> & Partial<Pick<ExplainOptions, "backend">>;

export interface Predictor {
  /** A number a row. */
  ask(rows: Rows): Promise<Float64Array>;
  free(): void;
}

const modelCheck: Check = (value) =>
  typeof value === "function" || trainedModelCheck(value) === undefined
    ? undefined
    : `${trainedModelCheck(value)}; or a function of inputs [rows, ...] that gives predictions`;

/** @throws on what cannot predict, and on a network without a backend */
export function createPredictor(who: string, model: AnyModel, options: AskOptions): Predictor {
  checkArgument(who, "the model", model, modelCheck);
  if (typeof model === "function") return ofFunction(who, model, options);
  const { backend, output } = options;
  if (backend === undefined)
    return fail(who, "a network runs on a backend; give the option backend, such as wasmBackend().");
  const { layer, variables, preprocessing } = model;
  let place = 0;
  const batched = createBatched(model, { ...options, backend }, (given, x, extras) => {
    const outputs = outputRows(who, apply(layer, given, x, { extras }).output);
    place = placeOf(who, model, output, outputs.shape[1]!);
    return { outputs };
  });
  return {
    async ask(rows) {
      const prepared = preprocessing === undefined ? rows.inputs : preprocessInputs(preprocessing, rows.inputs);
      const { outputs } = await batched.run({ ...rows, inputs: inPrecision(prepared, precisionOf(variables), who) });
      return predictionsOf(who, model, outputs!, place);
    },
    free: () => batched.free(),
  };
}

function ofFunction(who: string, model: PredictFunction, { output, batchSize = 64, signal }: AskOptions): Predictor {
  const pause = createPauses();
  return {
    async ask(rows) {
      const count = rows.inputs.shape[0]!;
      const found = new Float64Array(count);
      for (let from = 0; from < count; from += batchSize) {
        await pause();
        signal?.throwIfAborted();
        const some = Int32Array.from({ length: Math.min(batchSize, count - from) }, (_, i) => from + i);
        const outputs = await model(takeOf(rows, some).inputs);
        if (!isHostArray(outputs) || outputs.shape[0] !== some.length || outputs.shape.length > 2) {
          const given = isHostArray(outputs) ? describe(outputs) : typeof outputs;
          fail(
            who,
            `the model gave ${given} for ${some.length} rows; it shall give an array [rows] or [rows, outputs].`,
            "mismatch",
          );
        }
        const place = placeOf(who, {}, output, outputs.shape[1] ?? 1);
        const matrix = { ...outputs, shape: [some.length, outputs.shape[1] ?? 1] };
        found.set(predictionsOf(who, {}, matrix, place), from);
      }
      return found;
    },
    free: () => undefined,
  };
}
