// A part of a dataset: one file, whose rows are read when they are needed.
import type { DType, HostArray, Shape } from "@hooke/runtime";

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
  /** Inputs of the rows from `from` to before `to`, `[to - from, ...row]`; NaN and infinities too, which are looked for when rows are joined. */
  readInputs(from: number, to: number, signal?: AbortSignal): Promise<HostArray>;
  /** Targets of all rows, `[rows, ...]`, likewise. */
  readTargets(signal?: AbortSignal): Promise<HostArray>;
}

/** What of a file is read. */
export interface ShardColumns {
  readonly inputs: string | readonly string[];
  readonly targets: string | readonly string[];
}
