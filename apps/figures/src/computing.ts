// What a figure's computation has at hand.

/** What is at hand while a figure computes. */
export interface Computing<Result> {
  /** Aborted when the settings have changed, or the figure has gone. */
  readonly signal: AbortSignal;
  /** Draws what there is so far. */
  show(result: Result): void;
}
