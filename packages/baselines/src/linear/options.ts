// Checks of options that linear methods share.
import { type Check, checks } from "@hooke/runtime";

/** A list that is not empty, or one value, each of which a check takes. */
const oneOrMore =
  (check: Check, expected: string): Check =>
  (value) => {
    const list = Array.isArray(value) ? value : [value];
    return list.length > 0 && list.every((each) => check(each) === undefined) ? undefined : expected;
  };

/** One penalty of at least 0, or penalties above 0 to choose from. */
export const penaltyCheck: Check = (value) =>
  (Array.isArray(value) ? oneOrMore(checks.positive, "")(value) : checks.nonNegative(value)) === undefined
    ? undefined
    : "a number of at least 0, or a list of numbers above 0 to choose from";

const share: Check = (value) =>
  checks.positive(value) === undefined && (value as number) <= 1 ? undefined : "a number above 0, at most 1";

/** Shares of the penalty that are on magnitudes. */
export const mixingsCheck: Check = oneOrMore(share, "a number above 0, at most 1, or a list of them to choose from");

/** How many parts of the rows take turns in being predicted. */
export const foldsCheck: Check = (value) =>
  checks.count(value) === undefined && (value as number) >= 2 ? undefined : "a whole number of at least 2";
