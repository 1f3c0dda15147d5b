// Checks of what reports and figures hold.
import type { Check } from "@hooke/runtime";

export const text: Check = (value) => (typeof value === "string" ? undefined : "a text");

export const record: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "a record";

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const isNumber = (value: unknown): boolean => typeof value === "number";

/** Numbers in a list or typed array. */
export const numbers: Check = (value) =>
  isList(value) && Array.prototype.every.call(value, isNumber) ? undefined : "a list of numbers";

/** Numbers in a list, with `null` for gaps. */
export const numbersAndGaps: Check = (value) =>
  isList(value) && Array.prototype.every.call(value, (item) => item === null || isNumber(item))
    ? undefined
    : "a list of numbers and nulls";

/** Two finite numbers that ascend. */
export const range: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
    ? undefined
    : "two finite numbers that ascend";

/** A list whose items pass. */
export const list =
  (what: string, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every((item) => check(item) === undefined) ? undefined : `a list of ${what}`;

/** A list of records whose members pass. */
export const records = (members: Readonly<Record<string, Check>>): Check =>
  list(
    `{ ${Object.keys(members).join(", ")} }`,
    (item) =>
      record(item) ??
      Object.entries(members)
        .map(([name, check]) => check((item as Readonly<Record<string, unknown>>)[name]))
        .find((expected) => expected !== undefined),
  );

/** From 0 to 1, both included. */
export const share: Check = (value) =>
  typeof value === "number" && value >= 0 && value <= 1 ? undefined : "a number from 0 to 1";
