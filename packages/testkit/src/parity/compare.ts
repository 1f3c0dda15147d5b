// Comparing arrays with golden ones.
import type { HostArray } from "@hooke/runtime";
import type { GoldenArrays } from "../golden.ts";

/** The largest `|a - b| / max(|b|, floor)`; infinite where shapes or dtypes differ or a value is not finite. */
export function distance(actual: HostArray, expected: HostArray, floor = 1): number {
  if (actual.shape.join() !== expected.shape.join() || actual.dtype !== expected.dtype) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (const [i, truth] of expected.data.entries()) {
    const error = Math.abs(actual.data[i]! - truth) / Math.max(Math.abs(truth), floor);
    worst = error <= worst ? worst : Number.isFinite(error) ? error : Number.POSITIVE_INFINITY;
  }
  return worst;
}

/** What differs by more than `tolerance`, with the {@link distance}: empty if all is well. */
export function differences(
  actual: GoldenArrays,
  expected: GoldenArrays,
  tolerance: number,
  floor = 1,
): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, truth] of Object.entries(expected)) {
    const value = actual[key];
    const error = value === undefined ? Number.POSITIVE_INFINITY : distance(value, truth, floor);
    if (!(error <= tolerance)) found[key] = error;
  }
  return found;
}

/** `|a - b| / |b|` in the Euclidean norm. */
export function relativeNorm(actual: HostArray, expected: HostArray): number {
  let error = 0;
  let size = 0;
  for (const [i, truth] of expected.data.entries()) {
    error += (actual.data[i]! - truth) ** 2;
    size += truth ** 2;
  }
  return Math.sqrt(error / size);
}
