// Batches out of a dataset.

import { type Dataset, takeExtras, takeRows } from "@hooke/data";
import { type HostArray, sizeOf } from "@hooke/runtime";
import type { Batch } from "./batch.ts";

/**
 * Batches of a dataset, assembled in memory that the next call with as many rows reuses.
 *
 * @param data prepared as the model sees it
 * @param weightsOf the rows, as `lossWeights` gives them
 */
export function batchReader(data: Dataset, weightsOf: HostArray | undefined): (rows: Int32Array) => Batch<HostArray> {
  const held = new Map<number, Batch<HostArray>>();
  return (rows) => {
    const into = held.get(rows.length);
    const inputs = takeRows(data.inputs, rows, into?.inputs);
    const targets = takeRows(data.targets, rows, into?.targets);
    const weights = weightsOf && takeRows(weightsOf, rows, into?.weights);
    const extras = takeExtras(data.extras, rows, into?.extras);
    const batch = into ?? {
      inputs,
      targets,
      ...(weights && { weights }),
      ...(Object.keys(extras).length > 0 && { extras }),
    };
    held.set(rows.length, batch);
    return data.batchExtras === undefined ? batch : { ...batch, extras: { ...extras, ...data.batchExtras(extras) } };
  };
}

/** Rows that follow one another, in the memory of all. */
export function sliceRows({ shape: [, ...row], dtype, data }: HostArray, from: number, to: number): HostArray {
  const width = sizeOf(row);
  return { shape: [to - from, ...row], dtype, data: data.subarray(from * width, to * width) };
}
