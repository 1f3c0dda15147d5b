// The frame around a run: what the caller opens for its checkpoints before anything else, and closes whatever happens.
import type { CheckpointWriter } from "./checkpoint-writer.ts";
import { checkTrainOptions, type TrainOptions } from "./options.ts";
import { loadParts } from "./parts.ts";
import { type Run, setUp } from "./run.ts";

/** A run, and what keeps its checkpoints, where they are kept. */
export interface OpenRun {
  readonly run: Run;
  readonly writer: CheckpointWriter | undefined;
}

/** A run, once the place of the checkpoints is open. @throws on options that do not fit together, and what `open` throws */
export async function openRun(options: TrainOptions): Promise<OpenRun> {
  checkTrainOptions(options);
  const parts = await loadParts(options);
  const { checkpoint } = options;
  await checkpoint?.open?.();
  try {
    const run = await setUp(options, parts);
    return { run, writer: checkpoint && parts.writing?.createCheckpointWriter(checkpoint, options, run) };
  } catch (error) {
    await checkpoint?.close?.();
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
