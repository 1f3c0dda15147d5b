// Scores of probabilities of classes, and of sets of them.
import { hostArrayCheck } from "@hooke/data";
import { checkArgument, describe, fail, type HostArray, isFloat } from "@hooke/runtime";

/** What {@link scoreClasses} finds. */
export interface ClassScores {
  /** The share of rows whose most probable class is true. */
  readonly accuracy: number;
  /** Mean of `-log p` of the true class, in nats. Smaller is better. */
  readonly negativeLogLikelihood: number;
  /** Mean squared distance between probabilities and the truth, over all classes, from 0 to 2 (Brier 1950). */
  readonly brier: number;
  /** Mean distance between the probability of the predicted class and how often it is true, in ten bins of it (Guo et al. 2017). */
  readonly calibrationError: number;
}

/**
 * Scores of probabilities.
 *
 * @param probabilities `[rows, classes]`
 * @param targets labels, `i32[rows]`
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { scoreClasses } from "@hooke/uncertainty";
 *
 * const { accuracy, brier } = scoreClasses(array([[0.9, 0.1], [0.4, 0.6]]), array([0, 0], { dtype: "i32" }));
 * console.log(accuracy, brier.toFixed(2)); // 0.5 0.37
 * ```
 */
export function scoreClasses(probabilities: HostArray, targets: HostArray): ClassScores {
  const { rows, classes } = labelled("scoreClasses", probabilities, targets);
  const bins = Array.from({ length: 10 }, () => ({ count: 0, sure: 0, right: 0 }));
  let [right, logs, squares] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const own = probabilities.data.subarray(row * classes, (row + 1) * classes);
    const label = targets.data[row]!;
    let best = 0;
    for (let c = 0; c < classes; c++) {
      if (own[c]! > own[best]!) best = c;
      squares += (own[c]! - (c === label ? 1 : 0)) ** 2;
    }
    logs -= Math.log(own[label]!);
    right += best === label ? 1 : 0;
    const bin = bins[Math.min(9, Math.floor(own[best]! * 10))]!;
    bin.count++;
    bin.sure += own[best]!;
    bin.right += best === label ? 1 : 0;
  }
  return {
    accuracy: right / rows,
    negativeLogLikelihood: logs / rows,
    brier: squares / rows,
    calibrationError: bins.reduce((sum, bin) => sum + Math.abs(bin.sure - bin.right), 0) / rows,
  };
}

/** What {@link scoreSets} finds. */
export interface SetScores {
  /** The share of sets that hold the true class. */
  readonly coverage: number;
  /** Mean number of classes in a set. */
  readonly size: number;
  /** Coverage of the rows of each class, by label; NaN of a class without rows. */
  readonly byClass: readonly number[];
}

/**
 * Scores of sets, such as those of `conformalSets`.
 *
 * @param sets `bool[rows, classes]`
 * @param targets labels, `i32[rows]`
 */
export function scoreSets(sets: HostArray, targets: HostArray): SetScores {
  const { rows, classes } = labelled("scoreSets", sets, targets);
  const counts = new Float64Array(classes);
  const held = new Float64Array(classes);
  let size = 0;
  for (let row = 0; row < rows; row++) {
    const label = targets.data[row]!;
    counts[label]!++;
    held[label]! += sets.data[row * classes + label]!;
    for (let c = 0; c < classes; c++) size += sets.data[row * classes + c]!;
  }
  return {
    coverage: held.reduce((sum, each) => sum + each, 0) / rows,
    size: size / rows,
    byClass: Array.from(held, (each, label) => each / counts[label]!),
  };
}

function labelled(
  who: string,
  table: HostArray,
  targets: HostArray,
): { readonly rows: number; readonly classes: number } {
  checkArgument(who, who === "scoreSets" ? "the sets" : "the probabilities", table, hostArrayCheck);
  checkArgument(who, "the targets", targets, hostArrayCheck);
  const [rows, classes] = table.shape;
  if (table.shape.length !== 2 || isFloat(table.dtype) !== (who === "scoreClasses") || table.data.length === 0)
    fail(
      who,
      `received ${describe(table)}; it takes ${who === "scoreSets" ? "sets, bool" : "probabilities, f64"}[rows, classes].`,
      "mismatch",
    );
  if (isFloat(targets.dtype) || targets.shape.length !== 1 || targets.shape[0] !== rows)
    fail(who, `received targets ${describe(targets)}; they are labels, i32[${rows}].`, "mismatch");
  const bad = targets.data.findIndex((label: number) => label < 0 || label >= classes!);
  if (bad >= 0) fail(who, `row ${bad} has the label ${targets.data[bad]} of ${classes} classes.`, "invalid-data");
  return { rows: rows!, classes: classes! };
}
