// Conformal prediction of quantiles: bounds that a model was trained to give, moved until they hold.
import { type Check, checkArgument, checkOptions, checks, type HostArray, isHostArray, sizeOf } from "@hooke/runtime";
import { checkAlike, checkFinite, checkNumbers, f64, namesCheck } from "../checks.ts";
import { type Bounds, boundsCheck } from "./bounds.ts";
import { type CalibrationGroups, calibrated, groupsFor } from "./calibrated.ts";
import type { ConformalBoundsOptions } from "./split-conformal.ts";

/** Options of {@link quantileConformal}. */
export interface QuantileConformalOptions extends CalibrationGroups {
  /** Of the calibration part, as the model gives them, `[rows, ...]` each; or quantiles, `[quantiles, rows, ...]`, whose first and last are bounds. */
  readonly bounds: Bounds | HostArray;
  /** `[rows, ...]`. */
  readonly targets: HostArray;
}

/** A calibration of bounds. */
export interface QuantileConformal {
  /**
   * Bounds of new rows, as the model gives them, moved.
   *
   * @throws where the calibration part is too small for the level, or has no row of a group
   */
  bounds(bounds: Bounds | HostArray, options?: Omit<ConformalBoundsOptions, "deviation">): Bounds;
}

/**
 * Conformalized quantile regression (Romano, Patterson and Candes, NeurIPS 2019): bounds of any model, such as quantiles that it was trained to give,
 * moved out, or in, by one number, so that a share `level` of new rows is within, at least. They stay as wide or narrow from row to row as the
 * model says.
 *
 * @throws on arrays that do not fit
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { quantileConformal } from "@hooke/uncertainty";
 *
 * // Bounds that are too narrow by 1 to 4.
 * const bounds = { lower: array([0, 0, 0, 0]), upper: array([1, 2, 3, 4]) };
 * const calibration = quantileConformal({ bounds, targets: array([2, 4, 6, 8]) });
 * const { lower, upper } = calibration.bounds({ lower: array([0]), upper: array([10]) }, { level: 0.8 });
 * console.log(lower.data[0], upper.data[0]); // -4 14
 * ```
 */
export function quantileConformal(options: QuantileConformalOptions): QuantileConformal {
  checkOptions<QuantileConformalOptions>("quantileConformal", options, {
    required: {
      bounds: endsCheck,
      targets: (value) =>
        (value as Partial<HostArray> | null | undefined)?.data === undefined ? "an array, [rows, ...]" : undefined,
    },
    optional: { groups: namesCheck, specimens: namesCheck },
  });
  const { targets } = options;
  const bounds = endsOf(options.bounds);
  checkNumbers("quantileConformal", "targets", targets);
  checkBounds(bounds);
  checkAlike("quantileConformal", "bounds", bounds.lower, "targets", targets);
  checkFinite("quantileConformal", "the targets", targets);
  const rows = targets.shape[0]!;
  const outside = Float64Array.from(targets.data, (target, i) =>
    Math.max(bounds.lower.data[i]! - target, target - bounds.upper.data[i]!),
  );
  const scores = calibrated("quantileConformal", outside, rows, options);
  return {
    bounds(ends, asked = {}) {
      checkArgument("quantileConformal", "the bounds", ends, endsCheck);
      const given = endsOf(ends);
      checkBounds(given);
      checkOptions<Omit<ConformalBoundsOptions, "deviation">>("quantileConformal", asked, {
        optional: { level: checks.betweenZeroAndOne, groups: namesCheck },
      });
      const { level = 0.9, groups } = asked;
      const { shape, data } = given.lower;
      const count = shape[0]!;
      checkAlike("quantileConformal", "bounds", given.lower, "those of the calibration, of as many rows,", {
        ...bounds.lower,
        shape: [count, ...bounds.lower.shape.slice(1)],
      });
      const groupOf = groupsFor("quantileConformal", scores, groups, count);
      const places = data.length / count;
      const moved = ({ data: ends }: HostArray, sign: number) =>
        f64(
          shape,
          Float64Array.from(ends, (end, i) => {
            return end + sign * scores.threshold(level, groupOf(Math.floor(i / places)))[i % places]!;
          }),
        );
      return ordered({ lower: moved(given.lower, -1), upper: moved(given.upper, 1) });
    },
  };
}

const endsCheck: Check = (value) =>
  isHostArray(value) && value.shape.length > 1 && value.shape[0]! > 1
    ? undefined
    : boundsCheck(value) &&
      "bounds, { lower, upper }, arrays [rows, ...], or two quantiles at least, [quantiles, rows, ...]";

/** Of quantiles the first and the last. */
function endsOf(given: Bounds | HostArray): Bounds {
  if (!isHostArray(given)) return given;
  const shape = given.shape.slice(1);
  const size = sizeOf(shape);
  const at = (from: number): HostArray => f64(shape, Float64Array.from(given.data.subarray(from, from + size)));
  return { lower: at(0), upper: at(given.data.length - size) };
}

function checkBounds({ lower, upper }: Bounds): void {
  checkNumbers("quantileConformal", "lower bounds", lower);
  checkNumbers("quantileConformal", "upper bounds", upper);
  checkAlike("quantileConformal", "lower bounds", lower, "upper bounds", upper);
  checkFinite("quantileConformal", "the lower bounds", lower);
  checkFinite("quantileConformal", "the upper bounds", upper);
}

/** Bounds that were moved in beyond one another hold no number: both become their middle. */
function ordered({ lower, upper }: Bounds): Bounds {
  for (let i = 0; i < lower.data.length; i++) {
    if (lower.data[i]! <= upper.data[i]!) continue;
    const middle = (lower.data[i]! + upper.data[i]!) / 2;
    lower.data[i] = middle;
    upper.data[i] = middle;
  }
  return { lower, upper };
}
