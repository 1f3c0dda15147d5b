/**
 * What training needs from Node: checkpoint files, a progress line, Ctrl-C.
 *
 * @packageDocumentation
 */
export { type CheckpointFile, checkpointFile } from "./checkpoint-file.ts";
export { type Interruption, runInterruptible, stopOnInterrupt } from "./interrupt.ts";
export {
  type Progress,
  type ProgressLine,
  type ProgressOptions,
  type ProgressStream,
  progressLine,
} from "./progress.ts";
