// What is said when a loss is not finite: where training stood, the batch and the first tensor that went bad.
import { HookeError } from "@hooke/runtime";
import type { FailedStep } from "./origin.ts";

/** The error for a step whose loss is not finite. The training state must still be as it was before the step. */
export async function nonFiniteLoss(failed: FailedStep): Promise<HookeError> {
  const { moment, loss, epoch, batchIndex, rows } = failed;
  return new HookeError(
    `train: the loss of step ${moment.step} (epoch ${epoch}, batch ${batchIndex}) is ${loss}. ${await origin(failed)} ` +
      `Rows of the batch: ${list(rows)}. Nothing was updated by this step. ` +
      "Lower the learning rate, clip gradients, standardize the data, or look at these rows.",
    { code: "non-finite" },
  );
}

/** Where it comes from, in words. Searched for by code that is loaded now; a page that is offline by then hears of the loss. */
async function origin(failed: FailedStep): Promise<string> {
  let search: typeof import("./origin.ts");
  try {
    search = await import("./origin.ts");
  } catch (error) {
    return `The search for its origin could not be loaded: ${(error as Error).message}.`;
  }
  return search.originOf(failed);
}

function list(rows: Int32Array): string {
  const shown = rows.subarray(0, 64).join(", ");
  return rows.length <= 64 ? shown : `${shown} and ${rows.length - 64} more`;
}
