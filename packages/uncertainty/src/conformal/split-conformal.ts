// Split conformal prediction: bounds from the errors on rows that were held back from the training.
import type { RowNames } from "@hooke/data";
import { checkOptions, checks, fail, type HostArray } from "@hooke/runtime";
import { checkAlike, checkFinite, checkNumbers, f64, namesCheck } from "../checks.ts";
import type { Bounds } from "./bounds.ts";
import { type CalibrationGroups, calibrated, groupsFor } from "./calibrated.ts";

/** Options of {@link splitConformal}. */
export interface SplitConformalOptions extends CalibrationGroups {
  /** Of the calibration part, `[rows, ...]`: numbers, columns of them, or fields. */
  readonly predictions: HostArray;
  /** `[rows, ...]`. */
  readonly targets: HostArray;
  /**
   * How uncertain each prediction is, above 0, `[rows, ...]`, such as the `deviation` of a mixture: bounds are narrow where it is small. Default: errors are
   * much the same everywhere.
   */
  readonly deviation?: HostArray;
  /**
   * Whether bounds hold for all numbers of a row at once, such as a whole field; columns of different units need a `deviation` then. Default false: for
   * each number by itself.
   */
  readonly jointly?: boolean;
}

/** What bounds are asked for. */
export interface ConformalBoundsOptions {
  /** How many new rows shall be within, above 0 and below 1. Default 0.9. */
  readonly level?: number;
  /** Of the new predictions, where the calibration has it. */
  readonly deviation?: HostArray;
  /** Of the new rows, where the calibration has them. */
  readonly groups?: RowNames;
}

/** A calibration. */
export interface SplitConformal {
  /**
   * Bounds of new predictions.
   *
   * @param predictions `[rows, ...]`, of the model whose errors were calibrated
   * @throws where the calibration part is too small for the level, or has no row of a group
   */
  bounds(predictions: HostArray, options?: ConformalBoundsOptions): Bounds;
}

/**
 * Bounds with a guarantee (Vovk et al. 2005; Lei et al. 2018): of new rows that are like those of the calibration part a share `level` at least is
 * within, whatever the model, and at most `1 / (rows + 1)` more. Over calibration parts that share follows a Beta distribution: with 100 rows at level 0.9 it
 * is between 0.85 and 0.95 in nine of ten cases.
 *
 * The calibration part must be one that neither the training nor any choice has seen. Split by specimen, heat or patient, `split(data, parts, seed, groups)`,
 * and give `specimens`, where new rows will be of new ones.
 *
 * @throws on labels of classes, on arrays that do not fit, and on a deviation that is not above 0
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { splitConformal } from "@hooke/uncertainty";
 *
 * const predictions = array([10, 20, 30, 40, 50, 60, 70, 80, 90]);
 * const targets = array([11, 18, 33, 36, 55, 54, 77, 72, 99]); // off by 1, 2, ..., 9
 * const calibration = splitConformal({ predictions, targets });
 * const { lower, upper } = calibration.bounds(array([45]), { level: 0.8 });
 * console.log(lower.data[0], upper.data[0]); // 37 53
 * ```
 */
export function splitConformal(options: SplitConformalOptions): SplitConformal {
  checkOptions<SplitConformalOptions>("splitConformal", options, {
    required: { predictions: present, targets: present },
    optional: { deviation: present, groups: namesCheck, specimens: namesCheck, jointly: checks.flag },
  });
  const { predictions, targets, deviation, jointly = false } = options;
  checkPart(predictions, targets, deviation);
  const rows = predictions.shape[0]!;
  const errors = Float64Array.from(predictions.data, (prediction, i) => {
    const error = Math.abs(targets.data[i]! - prediction);
    return deviation === undefined ? error : error / deviation.data[i]!;
  });
  const scores = calibrated("splitConformal", jointly ? largestOfRows(errors, rows) : errors, rows, options);
  return {
    bounds(given, asked = {}) {
      checkNumbers("splitConformal", "predictions", given);
      checkOptions<ConformalBoundsOptions>("splitConformal", asked, {
        optional: { level: checks.betweenZeroAndOne, deviation: present, groups: namesCheck },
      });
      const { level = 0.9, deviation: own, groups } = asked;
      if ((own === undefined) !== (deviation === undefined)) {
        const which =
          own === undefined ? "with a deviation and received none" : "without the deviation that it received";
        fail("splitConformal", `was calibrated ${which}; give both or neither one.`, "mismatch");
      }
      const [count, ...shape] = given.shape as [number, ...number[]];
      checkAlike("splitConformal", "predictions", given, "those of the calibration, of as many rows,", {
        ...predictions,
        shape: [count, ...predictions.shape.slice(1)],
      });
      if (own !== undefined) checkDeviation(given, own);
      const groupOf = groupsFor("splitConformal", scores, groups, count);
      const lower = new Float64Array(given.data.length);
      const upper = new Float64Array(given.data.length);
      const places = given.data.length / count;
      for (let row = 0; row < count; row++) {
        const most = scores.threshold(level, groupOf(row));
        for (let place = 0; place < places; place++) {
          const at = row * places + place;
          const half = most[jointly ? 0 : place]! * (own?.data[at] ?? 1);
          lower[at] = given.data[at]! - half;
          upper[at] = given.data[at]! + half;
        }
      }
      return { lower: f64([count, ...shape], lower), upper: f64([count, ...shape], upper) };
    },
  };
}

const present = (value: unknown): string | undefined =>
  (value as Partial<HostArray> | null | undefined)?.data === undefined ? "an array, [rows, ...]" : undefined;

function checkPart(predictions: HostArray, targets: HostArray, deviation: HostArray | undefined): void {
  checkNumbers("splitConformal", "predictions", predictions);
  checkNumbers("splitConformal", "targets", targets);
  checkAlike("splitConformal", "predictions", predictions, "targets", targets);
  checkFinite("splitConformal", "the predictions", predictions);
  checkFinite("splitConformal", "the targets", targets);
  if (deviation !== undefined) checkDeviation(predictions, deviation);
}

function checkDeviation(predictions: HostArray, deviation: HostArray): void {
  checkNumbers("splitConformal", "the deviation", deviation);
  checkAlike("splitConformal", "predictions", predictions, "the deviation", deviation);
  const bad = deviation.data.findIndex((value: number) => !(value > 0 && Number.isFinite(value)));
  if (bad < 0) return;
  fail("splitConformal", `the deviation holds ${deviation.data[bad]}; it is above 0 and finite.`, "invalid-data");
}

function largestOfRows(errors: Float64Array, rows: number): Float64Array {
  const places = errors.length / rows;
  return Float64Array.from({ length: rows }, (_, row) =>
    errors.subarray(row * places, (row + 1) * places).reduce((most, error) => Math.max(most, error), 0),
  );
}
