// What people hand to the functions that take data: of the right kind, or refused with the right call.
import { type Check, isHostArray } from "@hooke/runtime";

const field = (value: unknown, name: string): unknown =>
  (value as Readonly<Record<string, unknown>> | null | undefined)?.[name];

/** Whether a value is a dataset. */
export const isDataset = (value: unknown): boolean =>
  isHostArray(field(value, "inputs")) && isHostArray(field(value, "targets")) && "count" in (value as object);

const isStreamedDataset = (value: unknown): boolean =>
  typeof field(field(value, "inputs"), "read") === "function" && isHostArray(field(value, "targets"));

/** Expects a dataset in memory. */
export const datasetCheck: Check = (value) =>
  isStreamedDataset(value)
    ? "a dataset in memory: await loadRows(data, rows) reads some rows, or all"
    : anyDatasetCheck(value);

/** Expects a dataset, in memory or streamed. */
export const anyDatasetCheck: Check = (value) => {
  if (isDataset(value) || isStreamedDataset(value)) return undefined;
  if (field(value, "columns") !== undefined)
    return 'a dataset: tableDataset(table, { target: "..." }) makes one of a table';
  return "a dataset, such as dataset({ inputs: array(...), targets: array(...) }) makes";
};

/** Expects an array. */
export const hostArrayCheck: Check = (value) => {
  if (isHostArray(value)) return undefined;
  return isDataset(value)
    ? "an array: give its .inputs"
    : "an array, such as array([[1, 2], [3, 4]]) makes, [rows, ...]";
};

/** Expects fitted preprocessing. */
export const preprocessingCheck: Check = (value) =>
  Array.isArray(field(value, "inputs")) && Array.isArray(field(value, "inputNames"))
    ? undefined
    : "fitted preprocessing: fitPreprocessing(train, { inputs: standardize() })";

/** Expects what a label can be: any whole number of 32 bits. */
export const labelCheck: Check = (value) =>
  Number.isInteger(value) && (value as number) === ((value as number) | 0) ? undefined : "a whole number, such as -1";

/** Expects a list of names. */
export const namesCheck: Check = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "a list of names";
