/**
 * Many independent trials in Node: by any number of processes, each kept when it is finished, and skipped where it is kept.
 *
 * @packageDocumentation
 */
export { type Collected, collect, collectedJson, type FinishedTrial, type MissingTrial } from "./collect.ts";
export { type PoolOptions, runPool } from "./pool.ts";
export { programSweep } from "./program.ts";
export { type RunSweepOptions, runSweep, type SweepRun, type TrialEvent } from "./run-sweep.ts";
export { randomTrials, type SearchOptions, sobolTrials } from "./search/draws.ts";
export { gridTrials, type Values } from "./search/grid.ts";
export { type Drawn, type Range, type RangeOptions, range, type Space } from "./search/space.ts";
export {
  defineSweep,
  type Halving,
  type Sweep,
  type SweepOptions,
  type Trial,
  type TrialCheckpoints,
} from "./sweep.ts";
export { schedulerHere, taskIndex } from "./task-index.ts";
export { openTrials, type RunTrial, runDirectly, type Trials, type TrialsOptions } from "./trials.ts";
