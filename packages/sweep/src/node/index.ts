/**
 * Many independent trials in Node: each is kept when it is finished, and skipped where it is kept.
 *
 * @packageDocumentation
 */
export { openTrials, type RunTrial, runDirectly, type Trials, type TrialsOptions } from "./trials.ts";
