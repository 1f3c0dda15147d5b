// What ranks need of what connects them: two ways to hear of one another.

/** Connects processes that run the same program. Each method is called by all of them, in the same order. */
export interface Communicator {
  /** This process, counted from 0. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /** The bytes that each rank gives, in the order of ranks; as many or as few as it likes. Timers and signals are heard meanwhile. */
  gather(bytes: Uint8Array): Promise<readonly Uint8Array[]>;
  /**
   * Adds up arrays of one length, in place. Terms are added in the order of ranks and in f64, so that the sums are the same bits on all
   * ranks and in every run with as many.
   */
  sum(values: Float32Array | Float64Array): Promise<void>;
  /** Until `close`, a process that ends takes the others with it: they would wait for it for ever. */
  open(): void;
  close(): void;
}
