// A share of a batch: what layers know where several processes have its rows.
import type { Key, Shape, Tensor } from "@hooke/runtime";

/** What a batch is of a larger one whose rows several processes share. */
export interface BatchShare {
  /** Rows of this share. */
  readonly rows: number;
  /** Rows of the whole batch. */
  readonly of: number;
  /** A key of this share's own. */
  readonly key: (key: Key) => Key;
  /** This share, `shape`, of what is drawn for the whole batch. */
  readonly take: (shape: Shape, draw: (whole: Shape) => Tensor) => Tensor;
  /** The sum of a tensor over all shares; absent where each normalises its rows by their own statistics. */
  readonly total?: (own: Tensor) => Tensor;
}
