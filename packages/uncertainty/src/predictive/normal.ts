// The normal distribution: its density and its distribution function.
import { studentQuantile, studentWithin } from "@hooke/minimize";

/** Logarithm of the root of 2 pi. */
export const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** Beyond so many deviations there is less than 1e-18 of it. */
const far = 9;

/** The share of a standard normal distribution below `z`. */
export function normalBelow(z: number): number {
  if (Math.abs(z) > far) return z > 0 ? 1 : 0;
  const within = studentWithin(Math.abs(z), Number.POSITIVE_INFINITY);
  return z < 0 ? (1 - within) / 2 : (1 + within) / 2;
}

/** The density of a standard normal distribution at `z`. */
export const normalDensity = (z: number): number => Math.exp(-0.5 * z * z - halfLogTwoPi);

/** How many deviations from the mean hold a share of it, above 0 and below 1. */
export const normalReach = (share: number): number => studentQuantile(share, Number.POSITIVE_INFINITY);
