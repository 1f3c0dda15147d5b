/**
 * Trained models and checkpoints as files. An entry of its own, so that pages that read and write none do not download it.
 *
 * @packageDocumentation
 */

export { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
export { decodeModel, encodeModel, type LayerSource } from "./model.ts";
export type { ResumeSettings, TrainingRecord } from "./training-record.ts";
