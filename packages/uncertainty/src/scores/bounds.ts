// Scores of bounds: how many targets they hold, and how wide they are for it.
import type { RowNames } from "@hooke/data";
import { checkArgument, checkOptions, checks, type HostArray } from "@hooke/runtime";
import { checkAlike, checkFinite, checkNumbers, checkRowNames, namesCheck } from "../checks.ts";
import { type Bounds, boundsCheck } from "../conformal/bounds.ts";

/** Options of {@link scoreBounds}. */
export interface BoundsScoreOptions {
  /** What the bounds are meant to hold. Default 0.9. */
  readonly level?: number;
  /** A name or number for each row: the share within of each group is told, too. Default: none. */
  readonly groups?: RowNames;
}

/** What {@link scoreBounds} finds, over all elements. */
export interface BoundsScores {
  /** The share of targets within. */
  readonly coverage: number;
  /** Mean width, in the units of the targets. */
  readonly width: number;
  /**
   * Mean of the width and `2 / (1 - level)` times how far a target is outside (Gneiting and Raftery 2007), in the units of the targets: smaller is better, and no bounds
   * but the true quantiles make it least.
   */
  readonly intervalScore: number;
  /** Coverage by group; empty without groups. The least of them says for whom bounds are too narrow. */
  readonly byGroup: ReadonlyMap<string | number, number>;
}

/**
 * Scores of bounds on rows that neither the model nor the calibration has seen.
 *
 * @param targets `[rows, ...]`
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { scoreBounds } from "@hooke/uncertainty";
 *
 * const { coverage, width } = scoreBounds({ lower: array([0, 0]), upper: array([2, 4]) }, array([1, 5]));
 * console.log(coverage, width); // 0.5 3
 * ```
 */
export function scoreBounds(bounds: Bounds, targets: HostArray, options: BoundsScoreOptions = {}): BoundsScores {
  checkArgument("scoreBounds", "the bounds", bounds, boundsCheck);
  checkNumbers("scoreBounds", "targets", targets);
  checkOptions<BoundsScoreOptions>("scoreBounds", options, {
    optional: { level: checks.betweenZeroAndOne, groups: namesCheck },
  });
  const { lower, upper } = bounds;
  checkAlike("scoreBounds", "lower bounds", lower, "targets", targets);
  checkAlike("scoreBounds", "upper bounds", upper, "targets", targets);
  checkFinite("scoreBounds", "the targets", targets);
  const { level = 0.9, groups } = options;
  const rows = targets.shape[0]!;
  checkRowNames("scoreBounds", "groups", groups, rows);
  const places = targets.data.length / rows;
  const held = new Map<string | number, { within: number; count: number }>();
  let [within, width, beyond] = [0, 0, 0];
  for (const [i, target] of targets.data.entries()) {
    const [low, high] = [lower.data[i]!, upper.data[i]!];
    const inside = low <= target && target <= high ? 1 : 0;
    within += inside;
    width += high - low;
    beyond += Math.max(0, low - target, target - high);
    if (groups === undefined) continue;
    const group = groups[Math.floor(i / places)]!;
    const own = held.get(group) ?? { within: 0, count: 0 };
    held.set(group, { within: own.within + inside, count: own.count + 1 });
  }
  const count = targets.data.length;
  return {
    coverage: within / count,
    width: width / count,
    intervalScore: (width + (2 / (1 - level)) * beyond) / count,
    byGroup: new Map(Array.from(held, ([group, own]) => [group, own.within / own.count])),
  };
}
