// Batches: rows of inputs and targets, with weights and extras where there are any, and the order in which programs take them.
import type { BatchExtras } from "@hooke/data";
import { type Aval, describe, type HostArray } from "@hooke/runtime";

/** Rows of data, `[rows, ...]`; `weights` is `[rows]`. */
export interface Batch<T> {
  readonly inputs: T;
  readonly targets: T;
  readonly weights?: T;
  /** What layers read besides the inputs, by name. */
  readonly extras?: Readonly<Record<string, T>>;
}

/** The batch of some rows; those of `next` are read meanwhile. Undefined, or so in the end, if the training is stopped before it is read. */
export type BatchOf = (
  rows: Int32Array,
  next: Int32Array | undefined,
) => Batch<HostArray> | Promise<Batch<HostArray> | undefined>;

/** What a model is applied to. */
export interface Rows<T, Inputs = T> {
  readonly inputs: Inputs;
  /** What layers read besides the inputs, by name. */
  readonly extras: Readonly<Record<string, T>>;
  /** What they read of each batch as a whole. Default none. */
  readonly batchExtras?: BatchExtras | undefined;
}

/** A part of a batch with its name; an extra's is `extras.lengths`. */
export interface BatchPart<T> {
  readonly name: string;
  readonly array: T;
}

/** The parts of a batch in the order in which programs take them. */
export function batchParts<T>({ inputs, targets, weights, extras = {} }: Batch<T>): BatchPart<T>[] {
  const parts = [
    { name: "inputs", array: inputs },
    { name: "targets", array: targets },
  ];
  if (weights !== undefined) parts.push({ name: "weights", array: weights });
  for (const name of Object.keys(extras).sort()) parts.push({ name: `extras.${name}`, array: extras[name]! });
  return parts;
}

/** A batch with its parts in the order of {@link batchParts}, whatever order they were written in. */
export function orderedBatch<T>({ inputs, targets, weights, extras }: Batch<T>): Batch<T> {
  const sorted = Object.entries(extras ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    inputs,
    targets,
    ...(weights !== undefined && { weights }),
    ...(sorted.length > 0 && { extras: Object.fromEntries(sorted) }),
  };
}

/** The same text for batches that one program takes. */
export function batchSignature(batch: Batch<Aval>): string {
  return batchParts(batch)
    .map(({ name, array }) => `${name} ${describe(array)}`)
    .join();
}
