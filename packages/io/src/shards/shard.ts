// A part of a dataset: one file, whose rows are read when they are needed.
import { allFinite } from "@hooke/data";
import { type DType, fail, type HostArray, type Shape } from "@hooke/runtime";

/** A file of rows. */
export interface Shard {
  /** Errors call it so. */
  readonly name: string;
  readonly rows: number;
  /** Shape and dtype of the inputs of a row. */
  readonly row: Shape;
  readonly dtype: DType;
  /** Names along the last axis of the inputs; undefined where the file has none. */
  readonly inputNames: readonly string[] | undefined;
  readonly targetNames: readonly string[] | undefined;
  /** Rows in each group that is read as a whole; undefined where each row can be read alone. */
  readonly groups: readonly number[] | undefined;
  /** CRC-32C of what the file says of itself. */
  readonly stated: number;
  /** Inputs of the rows from `from` to before `to`, `[to - from, ...row]`. */
  readInputs(from: number, to: number, signal?: AbortSignal): Promise<HostArray>;
  /** Targets of all rows, `[rows, ...]`. */
  readTargets(signal?: AbortSignal): Promise<HostArray>;
}

/** What of a file is read. */
export interface ShardColumns {
  readonly inputs: string | readonly string[];
  readonly targets: string | readonly string[];
}

/** The array. @param from the number of its first row in the file. @throws on the first NaN or infinity, with its row and column */
export function finite(values: HostArray, from: number, file: string, names: readonly string[] | undefined): HostArray {
  if (allFinite(values)) return values;
  const { data, shape } = values;
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  const row = from + Math.floor((at * shape[0]!) / data.length);
  const column = names === undefined ? "" : ` in column ${JSON.stringify(names[at % names.length])}`;
  const cure = "Write the file anew without such rows, or with values in their place";
  return fail(file, `row ${row} holds ${data[at]}${column}. ${cure}.`, "invalid-data");
}
