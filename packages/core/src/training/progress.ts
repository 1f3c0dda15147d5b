// Where a training stands, which its checkpoints keep.
import type { Best, History } from "./events.ts";

/** What changes while a training runs, besides the training state. */
export interface Progress {
  epoch: number;
  batch: number;
  step: number;
  lossSum: number;
  penaltySum: number;
  rowsSeen: number;
  weightSum: number;
  history: History;
  best: Best | undefined;
}
