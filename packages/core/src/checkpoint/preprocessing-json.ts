// Preprocessing read from a file: what it must look like, down to every number, before any data is trusted to it.

import type { LogTransform, MinMaxTransform, Preprocessing, StandardizeTransform, Transform } from "@hooke/data";
import { type Check, checkOptions, checks, fail, type OptionTable } from "@hooke/runtime";

const names: Check = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? undefined : "a list of names";
const numbers: Check = (value) =>
  Array.isArray(value) && value.every((item) => Number.isFinite(item)) ? undefined : "a list of finite numbers";
const categories: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.values(value)
        .map(names)
        .find((expected) => expected !== undefined)
    : "a record of lists of names";
const distinct: Check = (value) =>
  names(value) ?? (new Set(value as string[]).size === (value as string[]).length ? undefined : "names of their own");
const notNegative: Check = (value) =>
  numbers(value) ?? ((value as number[]).every((item) => item >= 0) ? undefined : "numbers of which none is below 0");

/** A check for every entry, also those that may be missing: one that is added without a check does not compile. */
type Complete<C> = Required<OptionTable<C>>;

const type: Check = () => undefined;
const transforms = {
  standardize: {
    required: { type, columns: distinct, mean: numbers, std: notNegative },
    optional: {},
  } satisfies Complete<StandardizeTransform>,
  minMax: {
    required: { type, columns: distinct, min: numbers, max: numbers },
    optional: {},
  } satisfies Complete<MinMaxTransform>,
  log: { required: { type, columns: distinct }, optional: {} } satisfies Complete<LogTransform>,
} satisfies Record<Transform["type"], unknown>;

const transform: Check = (value) => {
  const found = typeof value === "object" && value !== null ? (value as { type?: unknown }).type : undefined;
  const known = Object.keys(transforms);
  if (checks.oneOf(found, known) !== undefined) return `transforms of type ${known.join(", ")}`;
  checkOptions<object>(found as string, value, transforms[found as keyof typeof transforms] as OptionTable<object>);
  const { columns, ...fitted } = value as { columns: readonly string[] };
  const uneven = Object.values<unknown>(fitted).some((list) => Array.isArray(list) && list.length !== columns.length);
  if (uneven) return "as many numbers as columns in every transform";
  const { min = [], max = [] } = fitted as Partial<MinMaxTransform>;
  return min.some((least, i) => least > max[i]!) ? "a min that is not above its max" : undefined;
};
const chain: Check = (value) =>
  Array.isArray(value) ? value.map(transform).find((expected) => expected !== undefined) : "a list of transforms";

const table: Complete<Preprocessing> = {
  required: { inputNames: names, targetNames: names, inputs: chain, targets: chain, categories },
  optional: { classes: distinct },
};

/** What transforms act on: columns that there are, each scaled once in each way, as fitting leaves them. */
function checkColumns(part: string, transforms: readonly Transform[], known: readonly string[]): void {
  const scaled = new Set<string>();
  for (const { type, columns } of transforms) {
    for (const column of columns) {
      const odd = scaled.has(`${type} ${column}`)
        ? "a second time"
        : known.includes(column)
          ? ""
          : "which is not there";
      if (odd !== "") fail("preprocessing", `applies ${type} to the column "${column}" of the ${part}, ${odd}.`);
      if (type !== "log") scaled.add(`${type} ${column}`);
    }
  }
}

/** Expects fitted preprocessing. @throws on what is inside of it and wrong */
export const preprocessingJsonCheck: Check = (value) => {
  checkOptions<Preprocessing>("preprocessing", value, table);
  const { inputs, inputNames, targets, targetNames } = value as Preprocessing;
  checkColumns("inputs", inputs, inputNames);
  checkColumns("targets", targets, targetNames);
  return undefined;
};
