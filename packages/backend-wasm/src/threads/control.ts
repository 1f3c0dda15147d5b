// Words through which the threads of one program work together. Those that are written often have a cache line of their own.

/** Bytes from the beginning of a program's control block. */
export const control = {
  /** Pieces of the current task that nobody has claimed; none where it is not above 0. */
  unclaimed: 0,
  /** Pieces of it that are not computed yet. */
  pending: 64,
  /** Which task it is, and how many pieces it has. Both stay as they are until all pieces are computed. */
  task: 128,
  count: 132,
  /** Whether no run is on: workers leave the program. */
  over: 192,
} as const;

export const controlBytes = 256;
