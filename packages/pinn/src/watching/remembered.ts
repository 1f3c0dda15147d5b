// What watchers remember of a solution under way, each under a name of its own in its state.
import type { State } from "@hooke/minimize";
import type { Parameters } from "../model.ts";

/** The best that comparisons have seen, and what came after. */
export interface Watched {
  /** Where the loss at held-out points was least. */
  readonly best: Compared;
  /** The last comparison. */
  readonly last: Omit<Compared, "parameters">;
  /** Comparisons since the best in which the training loss was below that of the best. */
  readonly stale: number;
}

/** A comparison. */
export interface Compared {
  readonly parameters: Parameters;
  /** Of the stage. */
  readonly iteration: number;
  /** Weighted mean squares of the terms whose points are drawn, in terms of their scales. */
  readonly training: number;
  readonly fresh: number;
}

/** A solution on the way. */
export interface Late {
  readonly parameters: Parameters;
  /** Of all stages. */
  readonly step: number;
  /** The weighted mean squares of all terms, in terms of their scales; those whose points are drawn, at others. */
  readonly loss: number;
}

/** What was seen at held-out observations so far. */
export interface Observed {
  /** The squared residuals where their mean was least, in terms of the noise, or of the scale where it is not known. */
  readonly lowest: Float64Array;
  /** The last solution that was not clearly worse. */
  readonly kept: Seen;
}

/** A solution on the way. */
export interface Seen {
  readonly parameters: Parameters;
  /** From 0. */
  readonly stage: number;
  /** Of the stage. */
  readonly iteration: number;
  /** Mean square at held-out observations. */
  readonly misfit: number;
}

/** Where a round began. */
export interface Sound {
  /** What the method remembered there; absent at the beginning of a stage. */
  readonly method?: State;
  /** Steps of the round. */
  readonly span: number;
  /** How far the quadratures of the rounds of this stage were from others. */
  readonly gaps: readonly number[];
  /** The energy there by other quadratures; absent at the beginning of a stage. */
  readonly energy?: number;
}
