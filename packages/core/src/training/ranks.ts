// Processes that make one training together, as those who write programs see them.

/**
 * Processes that make one training together, each on its share of the rows of every batch: the same training as one process
 * makes, to rounding. All of them run the same program. `mpi` of @hooke/distributed-mpi makes them.
 */
export interface Ranks {
  /** This process, counted from 0. Rank 0 stores checkpoints; it alone should write files and print. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /** Milliseconds that this process has spent with the others so far: waiting for them, and adding up what all have found. */
  readonly spent: { readonly waiting: number; readonly adding: number };
}
