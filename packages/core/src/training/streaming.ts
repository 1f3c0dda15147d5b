// Streamed rows in a training, a validation and a prediction: the next batch is read while one is used. Loaded for data that is streamed.
import type { Dataset, StreamedArray } from "@hooke/data";
import { type HostArray, sizeOf, zeros } from "@hooke/runtime";
import type { Batch, Rows } from "./batch.ts";
import { batchReader, sliceRows } from "./batch-reader.ts";

/** Rows of an array, and which are asked for after them. @returns undefined if the signal was aborted meanwhile */
type ReadRows = (rows: Int32Array, next: Int32Array | undefined) => Promise<HostArray | undefined>;

/** Reads rows; waits for nothing once the signal is aborted. */
async function readUnlessAborted(
  { read }: StreamedArray,
  rows: Int32Array,
  signal: AbortSignal | undefined,
): Promise<HostArray | undefined> {
  if (signal?.aborted) return undefined;
  let stop = (): void => undefined;
  // A promise for one read alone: what waits for a longer one would keep every batch in memory.
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
  });
  signal?.addEventListener("abort", stop);
  try {
    return await Promise.race([read(rows, signal), aborted]);
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}

/** Reads rows, and those that come next: two batches are in memory at most. */
function readAhead(streamed: StreamedArray, signal: AbortSignal | undefined): ReadRows {
  let ahead: { readonly rows: Int32Array; readonly values: Promise<HostArray | undefined> } | undefined;
  const start = (rows: Int32Array): Promise<HostArray | undefined> => {
    const values = readUnlessAborted(streamed, rows, signal);
    // What fails and is never asked for does so in silence.
    values.catch(() => undefined);
    return values;
  };
  return async (rows, next) => {
    const values = await (ahead?.rows === rows ? ahead.values : start(rows));
    ahead = next && { rows: next, values: start(next) };
    return values;
  };
}

/**
 * Batches of a streamed dataset.
 *
 * @param data prepared as the model sees it
 * @param weightsOf the rows, as `lossWeights` gives them
 * @returns the batch of these rows, undefined if the signal was aborted meanwhile; `next` are read while it is used
 */
export function streamedBatches(
  { inputs: streamed, ...data }: Dataset<StreamedArray>,
  weightsOf: HostArray | undefined,
  signal: AbortSignal | undefined,
): (rows: Int32Array, next: Int32Array | undefined) => Promise<Batch<HostArray> | undefined> {
  const read = readAhead(streamed, signal);
  // All but the inputs, in whose place targets stand.
  const rest = batchReader({ ...data, inputs: data.targets }, weightsOf);
  return async (rows, next) => {
    const inputs = await read(rows, next);
    return inputs && { ...rest(rows), inputs };
  };
}

/** Predictions of streamed rows, `[rows, ...]`, `batchSize` of them at a time; undefined if the signal was aborted meanwhile. */
export async function predictStreamed(
  predict: (rows: Rows<HostArray>) => Promise<HostArray | undefined>,
  { inputs: streamed, extras, batchExtras }: Rows<HostArray, StreamedArray>,
  batchSize: number,
  signal: AbortSignal | undefined,
): Promise<HostArray | undefined> {
  const read = readAhead(streamed, signal);
  const count = streamed.shape[0]!;
  const rowsFrom = (from: number): Int32Array =>
    Int32Array.from({ length: Math.min(batchSize, count - from) }, (_, i) => from + i);
  let all: HostArray | undefined;
  let rows = rowsFrom(0);
  for (let from = 0; from < count; from += batchSize) {
    const next = from + batchSize < count ? rowsFrom(from + batchSize) : undefined;
    const inputs = await read(rows, next);
    if (inputs === undefined) return undefined;
    const named = Object.entries(extras).map(([name, values]) => [name, sliceRows(values, from, from + rows.length)]);
    const part = await predict({ inputs, extras: Object.fromEntries(named), batchExtras });
    if (part === undefined) return undefined;
    all ??= zeros([count, ...part.shape.slice(1)], part.dtype);
    all.data.set(part.data, from * sizeOf(part.shape.slice(1)));
    rows = next ?? rows;
  }
  return all;
}
