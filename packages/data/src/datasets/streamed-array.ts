// Arrays larger than memory: rows that are read when they are needed.
import { type Aval, fail, type HostArray, zeros } from "@hooke/runtime";

/** An array whose rows are read when they are needed. */
export interface StreamedArray extends Aval {
  /**
   * Rows by number, `[rows.length, ...]`, in memory that is not used again: the same numbers whenever they are asked for.
   *
   * @throws if one cannot be read; the signal's reason, or anything, once it is aborted
   */
  readonly read: (rows: Int32Array, signal?: AbortSignal) => Promise<HostArray>;
  /** Tells these numbers from others, e.g. a checksum or a name and version: a training is resumed only with the same. */
  readonly checksum: string;
  /**
   * An order of these rows, drawn from a key, in which they are cheap to read, such as those of one part of a file near each other: places in
   * `rows`, each once. Epochs that are shuffled follow it. Default: any order, each as likely as any other.
   */
  readonly order?: (key: HostArray, rows: Int32Array) => Int32Array;
  /** What errors of values that are read call a row, such as `"row 7 of b.safetensors"`. Default: "row" and its number. */
  readonly nameOf?: (row: number) => string;
  /** Ranks that `order` gives files of their own, and rows of a batch of all of them: ranks of other trainings are refused. Default: none. */
  readonly ranks?: { readonly size: number; readonly batchSize: number };
}

/** Whether an array's rows are still to be read. */
export const isStreamed = (values: Aval): values is StreamedArray =>
  typeof (values as StreamedArray).read === "function";

/** The array with a change of its rows: made at once, or to what is read. @param change of rows; `numbers` are theirs, where not all are given */
export function mapRows<A extends HostArray | StreamedArray>(
  values: A,
  change: (rows: HostArray, numbers?: Int32Array) => HostArray,
): A;
export function mapRows(
  values: HostArray | StreamedArray,
  change: (rows: HostArray, numbers?: Int32Array) => HostArray,
): HostArray | StreamedArray {
  if (!isStreamed(values)) return change(values);
  const { shape, dtype, read } = values;
  // Of no rows: what columns become, and whether they are those that are expected.
  const none = change(zeros([0, ...shape.slice(1)], dtype));
  return {
    ...values,
    shape: [shape[0]!, ...none.shape.slice(1)],
    dtype: none.dtype,
    read: async (rows, signal) => change(await read(rows, signal), rows),
  };
}

/** The rows `indices` of an array that is read, in that order. */
export function takeStreamed(
  { shape, dtype, read, checksum, order, ranks }: StreamedArray,
  indices: ArrayLike<number>,
): StreamedArray {
  const chosen = Int32Array.from(indices);
  const odd = chosen.find((row) => !(row >= 0 && row < shape[0]!));
  if (odd !== undefined) fail("take", `received row ${odd} of ${shape[0]}; rows run from 0 to ${shape[0]! - 1}.`);
  return {
    shape: [chosen.length, ...shape.slice(1)],
    dtype,
    checksum: `${checksum} ${chosen.join()}`,
    read: (rows, signal) =>
      read(
        rows.map((row) => chosen[row]!),
        signal,
      ),
    ...(ranks && { ranks }),
    ...(order && {
      order: (key, rows) =>
        order(
          key,
          rows.map((row) => chosen[row]!),
        ),
    }),
  };
}
