// What is explained: rows of inputs in the units of the data, with what layers read besides them.
import type { TrainedModel } from "@hooke/core";
import {
  alignInputs,
  checkLengths,
  type Dataset,
  datasetCheck,
  fillPadding,
  hostArrayCheck,
  inPrecision,
  lengthsOf,
  takeExtras,
  takeRows,
} from "@hooke/data";
import { type Check, checkArgument, describe, fail, type HostArray } from "@hooke/runtime";

/** Rows: row `i` of each array belongs together. */
export interface Rows {
  /** `[rows, ...]`, f64 where they are numbers with fractions. */
  readonly inputs: HostArray;
  /** `[rows, ...]` each, such as `lengths`. */
  readonly extras: Readonly<Record<string, HostArray>>;
}

const rowsCheck: Check = (value) =>
  hostArrayCheck(value) === undefined || datasetCheck(value) === undefined
    ? undefined
    : "rows to explain: an array [rows, ...], or a dataset in memory";

/** Expects `[rows, ...]` by name. */
export const extrasCheck: Check = (value) =>
  typeof value === "object" && value !== null
    ? Object.values(value).map(hostArrayCheck).find(Boolean)
    : "a record of arrays";

/**
 * The rows of an array or a dataset, whose columns are put in the model's order.
 *
 * @throws where there is no row, and on lengths that do not fit
 */
export function rowsOf(
  who: string,
  { preprocessing }: Partial<Pick<TrainedModel, "preprocessing">>,
  data: HostArray | Dataset,
  given: Rows["extras"] = {},
): Rows {
  checkArgument(who, "the rows", data, rowsCheck);
  const isArray = !("inputs" in data);
  const extras = isArray ? given : data.extras;
  const named =
    isArray || preprocessing === undefined ? (isArray ? data : data.inputs) : alignInputs(preprocessing, data);
  const inputs = inPrecision(named, "f64", who);
  if (inputs.shape.length < 2 || inputs.shape[0] === 0) {
    fail(who, `received ${describe(inputs)}; give rows, [rows, ...], one at least.`, "invalid-data");
  }
  const lengths = lengthsOf(extras);
  if (lengths === undefined) return { inputs, extras };
  checkLengths(who, lengths, inputs);
  return { inputs: fillPadding(inputs, lengths), extras };
}

/** Some rows, in the order given; a row may come twice. */
export const takeOf = ({ inputs, extras }: Rows, rows: ArrayLike<number>): Rows => ({
  inputs: takeRows(inputs, rows),
  extras: takeExtras(extras, rows),
});
