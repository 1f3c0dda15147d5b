// Checks of options that several functions here share.
import { type Check, checks } from "@hooke/core";

/** Expects a number above 0 and below 1. */
export const betweenZeroAndOne: Check = (value) =>
  checks.positive(value) === undefined && (value as number) < 1 ? undefined : "a number above 0 and below 1";
