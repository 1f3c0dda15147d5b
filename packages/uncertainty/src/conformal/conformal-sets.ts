// Conformal prediction of classes: sets that hold the true class.
import { hostArrayCheck, type RowNames } from "@hooke/data";
import { checkArgument, checkOptions, checks, describe, fail, type HostArray, isFloat } from "@hooke/runtime";
import { namesCheck } from "../checks.ts";
import { type Calibrated, type CalibrationGroups, calibrated, groupsFor } from "./calibrated.ts";

/** Options of {@link conformalSets}. */
export interface ConformalSetsOptions extends Pick<CalibrationGroups, "specimens"> {
  /** Of the calibration part, `[rows, classes]`. */
  readonly probabilities: HostArray;
  /** Labels, `i32[rows]`. */
  readonly targets: HostArray;
  /**
   * What makes a class strange: `"threshold"`, 1 less its probability, which makes the smallest sets on average (Sadinle, Lei and Wasserman 2019); or `"adaptive"`,
   * the probability of the classes that are more likely, and its own, whose sets are larger where the model is in doubt (Romano, Sesia and Candes
   * 2020, without chance). Default `"threshold"`.
   */
  readonly score?: "threshold" | "adaptive";
  /**
   * A name or number for each row: each group is calibrated by itself. `"classes"` makes groups of the classes: of rows of each class, the rare ones too,
   * a share `level` has it in the set. Default: all rows together.
   */
  readonly groups?: RowNames | "classes";
}

/** What sets are asked for. */
export interface SetsOptions {
  /** How many sets shall hold the true class, above 0 and below 1. Default 0.9. */
  readonly level?: number;
  /** Of the new rows, where the calibration has them. */
  readonly groups?: RowNames;
}

/** A calibration of classes. */
export interface ConformalSets {
  /**
   * Sets of classes: 1 where the class of the column is in the set of the row, `bool[rows, classes]`. A set may be empty where the model knows nothing
   * like the row.
   *
   * @throws where the calibration part is too small for the level, or has no row of a group or class
   */
  sets(probabilities: HostArray, options?: SetsOptions): HostArray;
}

/**
 * Sets of classes with a guarantee: of new rows that are like those of the calibration part a share `level` at least has its true class in the set, whatever
 * the model.
 *
 * @throws on numbers for labels, on labels without a column, and on arrays that do not fit
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { conformalSets } from "@hooke/uncertainty";
 *
 * const probabilities = array([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.3, 0.7]]);
 * const targets = array([0, 0, 0, 1], { dtype: "i32" });
 * const calibration = conformalSets({ probabilities, targets });
 * const sets = calibration.sets(array([[0.5, 0.5], [0.95, 0.05]]), { level: 0.8 });
 * console.log([...sets.data]); // [ 1, 1, 1, 0 ]
 * ```
 */
export function conformalSets(options: ConformalSetsOptions): ConformalSets {
  checkOptions<ConformalSetsOptions>("conformalSets", options, {
    required: { probabilities: hostArrayCheck, targets: hostArrayCheck },
    optional: {
      score: (value) => checks.oneOf(value, ["threshold", "adaptive"]),
      groups: (value) => (value === "classes" ? undefined : namesCheck(value)),
      specimens: namesCheck,
    },
  });
  const { probabilities, targets, score = "threshold", groups, specimens } = options;
  const { rows, classes } = tableOf(probabilities);
  checkLabels(targets, rows, classes);
  const strange = strangeness[score];
  const byClass = groups === "classes";
  const scores = Float64Array.from(targets.data, (label, row) => strange(rowOf(probabilities, row), label));
  const calibration: Calibrated = calibrated("conformalSets", scores, rows, {
    ...(groups !== undefined && { groups: byClass ? (targets.data as Int32Array) : (groups as RowNames) }),
    ...(specimens && { specimens }),
  });
  return {
    sets(given, asked = {}) {
      checkArgument("conformalSets", "the probabilities", given, hostArrayCheck);
      checkOptions<SetsOptions>("conformalSets", asked, {
        optional: { level: checks.betweenZeroAndOne, groups: namesCheck },
      });
      const { level = 0.9, groups: own } = asked;
      const { rows: count, classes: width } = tableOf(given);
      if (width !== classes)
        fail("conformalSets", `received ${width} classes, was calibrated with ${classes}.`, "mismatch");
      if (byClass && own !== undefined)
        fail("conformalSets", "received groups and was calibrated by classes; leave them out.", "mismatch");
      const groupOf = byClass ? undefined : groupsFor("conformalSets", calibration, own, count);
      const data = new Uint8Array(count * classes);
      for (let row = 0; row < count; row++) {
        for (let label = 0; label < classes; label++) {
          const most = calibration.threshold(level, groupOf === undefined ? label : groupOf(row))[0]!;
          data[row * classes + label] = strange(rowOf(given, row), label) <= most ? 1 : 0;
        }
      }
      return { shape: [count, classes], dtype: "bool", data };
    },
  };
}

/** How strange a label is beside probabilities, from 0 to 1. */
const strangeness: Readonly<Record<"threshold" | "adaptive", (of: ArrayLike<number>, label: number) => number>> = {
  threshold: (of, label) => 1 - of[label]!,
  adaptive(of, label) {
    let sum = 0;
    for (let i = 0; i < of.length; i++) if (of[i]! >= of[label]!) sum += of[i]!;
    return sum;
  },
};

const rowOf = ({ shape, data }: HostArray, row: number): ArrayLike<number> =>
  data.subarray(row * shape[1]!, (row + 1) * shape[1]!);

function tableOf(probabilities: HostArray): { readonly rows: number; readonly classes: number } {
  const { shape, dtype, data } = probabilities;
  if (!isFloat(dtype) || shape.length !== 2 || shape[1]! < 2 || data.length === 0) {
    fail(
      "conformalSets",
      `received probabilities ${describe(probabilities)}; they are f32 or f64 [rows, classes].`,
      "mismatch",
    );
  }
  const [rows, classes] = shape as [number, number];
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const share = data[row * classes + c]!;
      if (!(share >= -1e-6)) sum = Number.NaN;
      sum += share;
    }
    if (!(Math.abs(sum - 1) < 1e-3)) {
      const cure = "give those of classMixtureOf, or the softmax of logits";
      fail(
        "conformalSets",
        `row ${row} holds no probabilities: they are not negative and sum to 1; ${cure}.`,
        "invalid-data",
      );
    }
  }
  return { rows, classes };
}

function checkLabels(targets: HostArray, rows: number, classes: number): void {
  if (isFloat(targets.dtype) || targets.shape.length !== 1 || targets.shape[0] !== rows) {
    fail("conformalSets", `received targets ${describe(targets)}; they are labels, i32[${rows}].`, "mismatch");
  }
  const bad = targets.data.findIndex((label: number) => label < 0 || label >= classes);
  if (bad >= 0)
    fail("conformalSets", `row ${bad} has the label ${targets.data[bad]} of ${classes} classes.`, "invalid-data");
}
