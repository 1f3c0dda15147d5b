// Resamplings: when points are drawn again while a problem is solved, and which.
import type { Check, HostArray } from "@hooke/runtime";
import type { PointSet, Points } from "../points/points.ts";

/** New points, and how large the residuals of the terms there are. */
export interface Candidates {
  readonly set: PointSet;
  /** `[count]`: the root of the sum of the squares of all that the terms say there, in terms of their scales. */
  readonly magnitude: Float64Array;
}

/** When points are drawn again, and which are taken. */
export interface Resampling {
  readonly name: string;
  /** Iterations between; 0: never. */
  readonly every: number;
  /**
   * Points are also drawn again where residuals at others are this many times as large as at those: what is trained no longer holds between them. It is
   * looked at every 100 iterations; 0, or absent: never.
   */
  readonly stale?: number;
  /** How many times as many points it chooses from; 1: it takes what is drawn, and magnitudes are not computed. */
  readonly pool: number;
  /** Which of the candidates are taken: `points.count` different ones. */
  choose(candidates: Candidates, points: Points, key: HostArray): Uint32Array;
}

/** Iterations between looks at whether points are stale. */
const every = 100;

/** How often it looks; 0: never. */
export const looks = ({ stale = 0 }: Resampling): number => (stale > 0 ? every : 0);

/** Expects a resampling. */
export const resamplingCheck: Check = (value) =>
  typeof (value as Partial<Resampling> | null | undefined)?.choose === "function"
    ? undefined
    : "a resampling: worstFirst({ every: 500 }), redrawn({ every: 500 }), never()";
