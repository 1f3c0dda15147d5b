// What several functions do with a trained model: its rows as it gets them, and its outputs in the units of the targets.
import { precisionOf, type TrainedModel } from "@hooke/core";
import {
  alignInputs,
  anyDatasetCheck,
  type Dataset,
  datasetCheck,
  hostArrayCheck,
  inPrecision,
  preprocessInputs,
  restoreTargets,
} from "@hooke/data";
import { type Check, describe, fail, type HostArray, zeros } from "@hooke/runtime";

/** Rows of a model. */
export interface ModelRows {
  readonly inputs: HostArray;
  readonly extras: Readonly<Record<string, HostArray>>;
}

/** Expects inputs, or a dataset of them. */
export const rowsCheck: Check = (value) =>
  hostArrayCheck(value) === undefined
    ? undefined
    : anyDatasetCheck(value) === undefined
      ? datasetCheck(value)
      : hostArrayCheck(value);

/** Rows as the model gets them: columns in order, preprocessed, in its precision. */
export function rowsFor(
  who: string,
  { preprocessing, variables }: TrainedModel,
  given: HostArray | Dataset,
): ModelRows {
  const named = "inputs" in given;
  const inputs = !named ? given : preprocessing === undefined ? given.inputs : alignInputs(preprocessing, given);
  const ready = preprocessing === undefined ? inputs : preprocessInputs(preprocessing, inputs);
  if (ready.shape.length === 0 || ready.shape[0] === 0)
    fail(who, `received ${describe(inputs)}, no rows; give at least one.`, "invalid-data");
  return { inputs: inPrecision(ready, precisionOf(variables), who), extras: named ? given.extras : {} };
}

/** Outputs `[draws, rows, ...]` in the units of the targets. */
export function inUnits({ preprocessing }: TrainedModel, draws: HostArray): HostArray {
  return preprocessing === undefined ? draws : restoreTargets(preprocessing, draws);
}

/** Rows that follow one another. */
export function sliceRows({ shape, dtype, data }: HostArray, from: number, to: number): HostArray {
  const width = data.length / shape[0]!;
  return { shape: [to - from, ...shape.slice(1)], dtype, data: data.subarray(from * width, to * width) };
}

/** Blocks `[some draws, some rows, ...]` put together. */
export function drawsArray(draws: number, rows: number, like: HostArray): HostArray {
  return zeros([draws, rows, ...like.shape.slice(2)], like.dtype);
}

/** Writes a block into its place among all draws of all rows. */
export function place(all: HostArray, block: HostArray, draw: number, row: number): void {
  const [blockDraws, blockRows] = block.shape as [number, number];
  const width = all.data.length / (all.shape[0]! * all.shape[1]!);
  const end = Math.min(all.shape[0]!, draw + blockDraws);
  for (let d = draw; d < end; d++) {
    const from = (d - draw) * blockRows * width;
    all.data.set(block.data.subarray(from, from + blockRows * width), (d * all.shape[1]! + row) * width);
  }
}
