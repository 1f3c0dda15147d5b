// Checks of options that several functions take.
import type { Check } from "@hooke/runtime";

export const columnName: Check = (value) => (typeof value === "string" ? undefined : "the name of a column");

/** Expects how much rows count; how many weights there have to be is checked where the rows are known. */
export const rowWeights: Check = (value) =>
  typeof (value as Partial<ArrayLike<number>> | null)?.length === "number" ? undefined : "a weight for each row";

export const progressListener: Check = (value) =>
  typeof value === "function" ? undefined : "a function of the progress";
