// The frame around a run: what the caller opens for its checkpoints before anything else, and closes whatever happens.
import type { TrainOptions } from "./options.ts";
import { type Run, setUp } from "./run.ts";

/** {@link setUp}, once the place of the checkpoints is open. @throws what `open` and `setUp` throw */
export async function openRun(options: TrainOptions): Promise<Run> {
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
