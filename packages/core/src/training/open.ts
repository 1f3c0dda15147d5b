// The frame around a run: what the caller opens for its checkpoints before anything else, and closes whatever happens.
import type { CheckpointWriter } from "./checkpoint-writer.ts";
import { checkTrainOptions, type TrainOptions } from "./options.ts";
import { loadParts, type Parts } from "./parts.ts";
import { type Run, setUp } from "./run.ts";
import type { SharingRanks } from "./sharing.ts";

/** A run, and what keeps its checkpoints, where they are kept. */
export interface OpenRun {
  readonly run: Run;
  /** Those that the training goes by. */
  readonly options: TrainOptions;
  readonly writer: CheckpointWriter | undefined;
  readonly parts: Parts;
}

/** A run, once the place of the checkpoints is open. @throws on options that do not fit together, and what `open` throws */
export async function openRun(given: TrainOptions): Promise<OpenRun> {
  const sharing = (given.ranks as SharingRanks | undefined)?.share(given);
  const options = sharing?.options ?? given;
  const { checkpoint } = options;
  let opened = false;
  let run: Run | undefined;
  try {
    checkTrainOptions(options);
    const parts = await loadParts(options);
    await checkpoint?.open?.(options.signal);
    opened = true;
    const begin = () => setUp(options, parts, sharing);
    run = await (parts.recovering?.reopening(options.backend, "train", begin) ?? begin());
    await sharing?.begin(run);
    const writer = checkpoint && parts.writing?.createCheckpointWriter(checkpoint, options, run);
    return { run, options, writer, parts };
  } catch (error) {
    run?.free();
    if (opened) await checkpoint?.close?.();
    const told = sharing ? await sharing.failed(error) : error;
    await sharing?.close();
    throw told;
  }
}

/** Frees a run, and closes the place of its checkpoints. */
export async function closeRun(options: TrainOptions, run: Run): Promise<void> {
  try {
    run.free();
  } finally {
    await options.checkpoint?.close?.();
    await run.sharing?.close();
  }
}
