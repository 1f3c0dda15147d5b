// A quick look for NaN and infinities.
import type { HostArray } from "@hooke/runtime";

/** Whether no number is NaN or infinite. Neither is 0 when taken from itself, so that one look at a sum tells. */
export function allFinite({ data, dtype }: HostArray): boolean {
  if (dtype !== "f32" && dtype !== "f64") return true;
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i]! - data[i]!;
  return sum === 0;
}
