// The frame around a run: what the caller opens for its checkpoints before anything else, and closes whatever happens.
import { checkTrainOptions, type TrainOptions } from "./options.ts";
import { type Run, setUp } from "./run.ts";

/** A run, once the place of the checkpoints is open. @throws on options that do not fit together, and what `open` throws */
export async function openRun(options: TrainOptions): Promise<Run> {
  checkTrainOptions(options);
  await options.checkpoint?.open?.();
  try {
    return await setUp(options);
  } catch (error) {
    await options.checkpoint?.close?.();
    throw error;
  }
}

/** Frees a run, and closes the place of its checkpoints. */
export async function closeRun(options: TrainOptions, run: Run): Promise<void> {
  try {
    run.free();
  } finally {
    await options.checkpoint?.close?.();
  }
}
