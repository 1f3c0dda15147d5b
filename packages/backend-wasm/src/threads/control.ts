// Words through which the threads of one program work together. Those that are written often have a cache line of their own.

/** Bytes from the beginning of a program's control block. */
export const control = {
  /** Pieces of the current task that are not computed yet. */
  pending: 0,
  /** Which task it is, and how many pieces it has. Both stay as they are until all pieces are computed. */
  task: 64,
  count: 68,
  /** Whether no run is on: workers leave the program. */
  over: 128,
  /** For each thread a word, 64 bytes apart: how many pieces of its range nobody has claimed; none where it is not above 0. */
  unclaimed: 192,
} as const;

export const controlBytes = (threads: number): number => control.unclaimed + 64 * threads;
