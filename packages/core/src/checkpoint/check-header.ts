// What the entries of a model file's header must look like, before anything is built from them.

import { type Check, checkOptions, checks, fail, type OptionTable, type Shape, sizeOf } from "@hooke/runtime";
import { type InputSpec, inputSpec, type RowSpec } from "../model/input.ts";
import { asFile, type Header, isRecord } from "./header.ts";
import { preprocessingJsonCheck } from "./preprocessing-json.ts";

/** The elements of a row are counted in 32 bits; nothing is allocated for what a file only declares. */
const maxRow = 2 ** 31 - 1;
const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) &&
  value.every((size) => Number.isSafeInteger(size) && size >= 0 && size <= maxRow) &&
  sizeOf(value) <= maxRow;
const shape: Check = (value) => (isShape(value) ? undefined : `a list of sizes of at most ${maxRow} elements`);
const dtype: Check = (value) => checks.oneOf(value, ["f32", "f64", "i32", "u32", "bool"]);
const text: Check = (value) => (typeof value === "string" ? undefined : "text");
const record: Check = (value) => (isRecord(value) ? undefined : "a record");

/** Expects a record whose values pass a check. */
const recordOf =
  (check: Check): Check =>
  (value) =>
    record(value) ??
    Object.values(value as object)
      .map(check)
      .find((expected) => expected !== undefined);

const row: Check = (value) => {
  checkOptions<RowSpec>("a row", value, { required: { shape }, optional: { dtype } });
  return undefined;
};
const inputShape: Check = (value) => {
  if (!isRecord(value)) return shape(value);
  checkOptions<InputSpec>("inputShape", value, { required: { shape }, optional: { dtype, extras: recordOf(row) } });
  return undefined;
};

const table: Required<OptionTable<Header>> = {
  required: { format: checks.count, versions: recordOf(text), layer: record, inputShape },
  optional: { preprocessing: preprocessingJsonCheck, training: record },
};

/** @throws on an entry that is not what it should be */
export function checkHeader(header: Header, who: string): void {
  asFile(who, "corrupt-file", () => {
    checkOptions<Header>("its header", header, table);
    const names = header.preprocessing?.inputNames;
    const { shape: row } = inputSpec(header.inputShape);
    const width = row.at(-1) ?? 1;
    if (names !== undefined && names.length > 0 && names.length !== width) {
      fail("its header", `names ${names.length} columns of inputs, and the model takes rows [${row.join(", ")}].`);
    }
  });
}
