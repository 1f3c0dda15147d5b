// What a page and its training worker say to each other.

/** What to train, and where to keep it. */
export interface Job {
  readonly backend: "wasm" | "webgpu";
  readonly epochs: number;
  /** Under which checkpoints are kept; a training found there goes on. */
  readonly name: string;
  /** Updates between checkpoints. */
  readonly checkpointEvery: number;
}

/** From the page. */
export type Command = { readonly type: "start"; readonly job: Job } | { readonly type: "cancel" };

/** How a training ended. */
export interface Outcome {
  readonly type: "end";
  readonly reason: "finished" | "aborted";
  /** Updates made, those before a resume included. */
  readonly step: number;
  /** Updates made by this worker. */
  readonly ownSteps: number;
  /** Training loss of the first and the last epoch. */
  readonly losses: readonly [first: number, last: number];
  /** SHA-256 of the history and every variable. */
  readonly digest: string;
}

/** From the worker. */
export type Report =
  | { readonly type: "progress"; readonly step: number; readonly loss: number }
  | { readonly type: "error"; readonly message: string }
  | Outcome;
