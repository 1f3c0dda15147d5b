// What only some trainings need, loaded before they begin, all at once: a page downloads what its trainings use.
import { isStreamed } from "@hooke/data";
import type { TrainOptions } from "./options.ts";

/** Modules; absent where the options do not ask for what they do. */
export interface Parts {
  readonly writing: typeof import("./checkpoint-writer.ts") | undefined;
  readonly resuming: typeof import("./resume.ts") | undefined;
  readonly evaluating: typeof import("./evaluator.ts") | undefined;
  readonly summing: typeof import("./data-checksum.ts") | undefined;
  readonly labelling: typeof import("./check-labels.ts") | undefined;
  readonly streaming: typeof import("./streaming.ts") | undefined;
  readonly augmenting: typeof import("./augment.ts") | undefined;
  readonly recovering: typeof import("./recovery.ts") | undefined;
}

export async function loadParts({ backend, checkpoint, resume, data, loss, augment }: TrainOptions): Promise<Parts> {
  const [writing, resuming, summing, evaluating, labelling, augmenting, streaming, recovering] = await Promise.all([
    checkpoint && import("./checkpoint-writer.ts"),
    resume && import("./resume.ts"),
    (checkpoint || resume) && import("./data-checksum.ts"),
    data.validation && import("./evaluator.ts"),
    loss.labels || loss.targets ? import("./check-labels.ts") : undefined,
    augment && import("./augment.ts"),
    isStreamed(data.train.inputs) ? import("./streaming.ts") : undefined,
    backend.reopen ? import("./recovery.ts") : undefined,
  ]);
  return { writing, resuming, summing, evaluating, labelling, augmenting, streaming, recovering };
}
