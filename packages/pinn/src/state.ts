// What a solution under way remembers: enough to go on from to the same bits.
import type { State } from "@hooke/minimize";
import type { Check } from "@hooke/runtime";
import type { HistoryRow } from "./history.ts";
import type { Parameters } from "./model.ts";
import type { PointSet } from "./points/points.ts";
import type { StageReport } from "./report.ts";
import type { Scales } from "./scaling/scales.ts";
import type { Late, Observed, Sound, Watched } from "./watching/remembered.ts";
import type { Weighed } from "./weights/weighting.ts";

/** All that {@link solve} remembers: arrays and JSON values. */
export interface SolveState {
  readonly seed: number;
  readonly scales: Scales;
  /** Where the stage began. */
  readonly parameters: Parameters;
  /** The points, in the order in which terms first name them. */
  readonly points: readonly PointSet[];
  readonly weighed: Weighed;
  /** Which stage it is in, from 0; their number when all have ended. */
  readonly stage: number;
  /** Steps of the stage at which its present round of fixed points and weights began, and at which it will end. */
  readonly round: { readonly from: number; readonly until: number };
  /** Rounds so far, of all stages. */
  readonly rounds: number;
  /** Of problems with energies: where other quadratures last confirmed the energy. */
  readonly sound?: Sound;
  /** What the stage has seen at held-out points, where it looks there. */
  readonly watched?: Watched;
  /** What was seen at held-out data, where there are some. */
  readonly observed?: Observed;
  /** Where residuals between points were less than ever after, of late, where points are drawn. */
  readonly lately?: readonly Late[];
  /** What the method remembers; absent where the stage has not begun. */
  readonly method?: State;
  /** What the terms said on the way. */
  readonly history: readonly HistoryRow[];
  /** The stages that have ended. */
  readonly ended: readonly StageReport[];
}

/** Expects a state. */
export const stateCheck: Check = (value) => {
  const { scales, points, stage, history } = (value ?? {}) as Partial<SolveState>;
  return typeof scales === "object" && Array.isArray(points) && Array.isArray(history) && Number.isSafeInteger(stage)
    ? undefined
    : "the state of an earlier solve, as it returned it or onProgress took it";
};
