// Changes of batches, and what all of them ask of one.
import type { Batch } from "@hooke/core";
import { describe, fail, type HostArray } from "@hooke/runtime";

/** @throws on inputs and targets that differ in rows */
export function checkRows(who: string, { inputs, targets }: Batch<HostArray>): void {
  if (inputs.shape[0] === targets.shape[0]) return;
  fail(
    who,
    `received inputs ${describe(inputs)} and targets ${describe(targets)}; they have as many rows.`,
    "mismatch",
  );
}
