// What a log of epochs is, whatever its format: a head, and an entry an epoch, known by the updates that were made.
import type { EpochRecord } from "@hooke/core";

/** An entry of a log. */
export interface LogEntry {
  /** Updates made by the end of the epoch. */
  readonly step: number;
  readonly bytes: Uint8Array;
}

/** How epochs are written, and found again. */
export interface LogFormat {
  /** Whether the head says what entries hold, so that it must stay the same. */
  readonly namesColumns: boolean;
  /** What stands before the first entry. */
  head(record: EpochRecord): Uint8Array;
  entry(record: EpochRecord): Uint8Array;
  /**
   * The entries of a file, oldest first, without a last one that was cut when the process was killed.
   *
   * @param source the file as errors name it
   * @throws if the file is none of this format (`"corrupt-file"`)
   */
  read(file: Uint8Array, source: string): { readonly head: Uint8Array; readonly entries: readonly LogEntry[] };
}

/** The numbers of an epoch by name: `loss`, `validation/rmse`. */
export function scalarsOf({
  loss,
  penalty,
  learningRate,
  validation,
}: EpochRecord): readonly (readonly [string, number])[] {
  return [
    ["loss", loss],
    ...(penalty === undefined ? [] : [["penalty", penalty] as const]),
    ["learningRate", learningRate],
    ...(validation === undefined ? [] : [["validation/loss", validation.loss] as const]),
    ...Object.entries(validation?.metrics ?? {}).map(([name, value]) => [`validation/${name}`, value] as const),
  ];
}
