// What a user sees of a solution under way: a line of progress, and an end where Ctrl-C asks for one.
import { progressLine } from "@hooke/core/node";
import type { Progress } from "@hooke/pinn";
import type { Training, Windows } from "./training.ts";

export { runInterruptible } from "@hooke/core/node";

/** Options of `solve` and `march`: what they tell on the way, and what ends them. */
export interface Watch {
  readonly onProgress?: (progress: Progress & { readonly window?: number }) => void;
  readonly signal?: AbortSignal;
}

/** Solves while a line shows how many of the steps are done. */
export async function watched<Result>(
  label: string,
  { steps, windows = 1 }: Pick<Training, "steps"> & Partial<Windows>,
  signal: AbortSignal | undefined,
  solve: (watch: Watch) => Promise<Result>,
): Promise<Result> {
  const line = progressLine({ label, unit: "steps" });
  const each = steps[0] + steps[1];
  const onProgress: Watch["onProgress"] = ({ window = 0, stage, iteration, loss }) =>
    line.update({
      completed: window * each + (stage === 0 ? 0 : steps[0]) + iteration,
      total: windows * each,
      fields: { loss },
    });
  return solve({ onProgress, ...(signal && { signal }) }).finally(() => line.finish());
}
