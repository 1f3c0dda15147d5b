// Many independent trainings as a list, for who starts them: by processes or on a cluster, with `@hooke/sweep`.
import type { FitOptions } from "./callback.ts";

/** What one of the trainings is given, such as `runSweep` of `@hooke/sweep` gives. */
export interface TrainingTrial {
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Where its checkpoints go, and the one to go on from, if one was left. */
  checkpoints(every: number | "epoch"): Promise<Pick<FitOptions, "checkpoint" | "resume">>;
  /** Keeps a file beside its result. */
  keep(name: string, bytes: Uint8Array): Promise<void>;
}

/** A list of trainings, for `defineSweep` of `@hooke/sweep`. */
export interface TrainingSweep<Parameters, Result> {
  /** What tells this list from others, as far as numbers and texts say it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly trials: readonly Parameters[];
  readonly run: (parameters: Parameters, trial: TrainingTrial) => Promise<Result>;
}
