// What only some trainings need, loaded before they begin, all at once: a page downloads what its trainings use.
import type { TrainOptions } from "./options.ts";

/** Modules; absent where the options do not ask for what they do. */
export interface Parts {
  readonly keeping: typeof import("./keeper.ts") | undefined;
  readonly resuming: typeof import("./resume.ts") | undefined;
  readonly evaluating: typeof import("./evaluator.ts") | undefined;
  readonly labelling: typeof import("./check-labels.ts") | undefined;
}

export async function loadParts({ checkpoint, resume, data, loss }: TrainOptions): Promise<Parts> {
  const [keeping, resuming, evaluating, labelling] = await Promise.all([
    checkpoint && import("./keeper.ts"),
    resume && import("./resume.ts"),
    data.validation && import("./evaluator.ts"),
    loss.labels === true ? import("./check-labels.ts") : undefined,
  ]);
  return { keeping, resuming, evaluating, labelling };
}
