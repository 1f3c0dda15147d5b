// Integrated gradients: what each input adds on the straight way from a baseline; that the shares add up is checked for every row.
import type { TrainedModel } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import {
  type Check,
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  isHostArray,
  sameShape,
  zeros,
} from "@hooke/runtime";
import { checkNetwork, listenerCheck, runChecks } from "../model/checks.ts";
import type { ExplainOptions, ExplainProgress } from "../model/options.ts";
import { type Rows, rowsOf, takeOf } from "../model/rows.ts";
import { createSlopes, type Slopes } from "../model/slopes.ts";

/** Options of {@link integratedGradients}. */
export interface IntegratedGradientsOptions extends ExplainOptions {
  /**
   * What inputs are compared with, in their units: a number for all of them, one row `[...]`, or `[rows, ...]`. Take what means "nothing
   * there": an empty image, a mean composition, a load of 0.
   */
  readonly baseline: number | HostArray;
  /** How far the shares of a row may miss the difference of its predictions, as a part of the sum of their magnitudes. Default 0.01. */
  readonly tolerance?: number;
  /** Points on the way that are asked at most; it begins with 9 and takes three times as many until shares add up. Default 2187. */
  readonly mostSteps?: number;
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** What {@link integratedGradients} finds. */
export interface IntegratedGradients {
  /** `[rows, ...]`, f64, as the inputs: shares of `predictions - base`, in the unit of the prediction. */
  readonly values: HostArray;
  readonly predictions: Float64Array;
  /** Predictions of the baseline, by row. */
  readonly base: Float64Array;
  /** Completeness: the sum of a row's shares less `predictions - base`, in the unit of the prediction. */
  readonly errors: Float64Array;
  /** Points on the way that each row took. */
  readonly steps: Int32Array;
}

const firstSteps = 9;
/** Differences of predictions are not known better than this part of them, in f32. */
const rounding = 1e-5;

/** Points that are in memory at a time. */
const together = 256;

const baselineCheck: Check = (value) =>
  Number.isFinite(value) || isHostArray(value)
    ? undefined
    : "a number for all inputs, or an array: one row, such as array([0, 12]), or [rows, ...]";

/**
 * Integrated gradients (Sundararajan, Taly and Yan, ICML 2017): of each input its distance from the baseline times the mean slope of the
 * prediction on the straight way between both, in the units of the data: preprocessing is part of what is differentiated. Middles of equal
 * parts of the way are asked, three times as many until the shares of a row add up to `predictions - base`: exact at once for linear models.
 *
 * @param data `[rows, ...]` in the units of the data, or a dataset
 * @param options `backend` and `baseline` are needed. Defaults: the only output, `tolerance` 0.01, `mostSteps` 2187, batches of 64
 * @throws on a model without gradients, on whole numbers as inputs, on a baseline that does not fit, where shares do not add up after
 *   `mostSteps`, on predictions that are not finite; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { dense, initialize } from "@hooke/core";
 * import { integratedGradients } from "@hooke/explain";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 1, kernelInitializer: "ones" });
 * const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
 * const { values, errors } = await integratedGradients(model, array([[3, 5]]), { backend, baseline: array([1, 1]) });
 * console.log(Array.from(values.data), Math.abs(errors[0]!) < 1e-6); // [ 2, 4 ] true
 * ```
 */
export async function integratedGradients(
  model: TrainedModel,
  data: HostArray | Dataset,
  options: IntegratedGradientsOptions,
): Promise<IntegratedGradients> {
  const who = "integratedGradients";
  checkNetwork(who, model);
  checkOptions<IntegratedGradientsOptions>(who, options, {
    required: { backend: checks.backend, baseline: baselineCheck },
    optional: { ...runChecks, tolerance: checks.positive, mostSteps: checks.count, onProgress: listenerCheck },
  });
  const { tolerance = 0.01, mostSteps = 2187, extras, onProgress } = options;
  const rows = rowsOf(who, model, data, extras);
  const start: Rows = { ...rows, inputs: baselineOf(who, rows.inputs, options.baseline) };
  const slopes = createSlopes(who, model, options);
  try {
    const { predictions } = await slopes.at(rows);
    const { predictions: base } = await slopes.at(start);
    const values = zeros(rows.inputs.shape, "f64");
    const errors = new Float64Array(predictions.length);
    const steps = new Int32Array(predictions.length);
    const width = values.data.length / predictions.length;
    for (const row of predictions.keys()) {
      onProgress?.({ fraction: row / predictions.length, text: `row ${row + 1} of ${predictions.length}` });
      const way = wayOf(takeOf(rows, [row]), takeOf(start, [row]));
      const difference = predictions[row]! - base[row]!;
      const floor = rounding * (Math.abs(predictions[row]!) + Math.abs(base[row]!));
      const found = await sharesOf(slopes, way, difference, { tolerance, mostSteps, floor });
      if (found.isOff) {
        const missed = `the shares of row ${row} miss the difference of predictions, ${difference}, by ${found.error} after ${found.steps} steps`;
        fail(
          who,
          `${missed}; raise mostSteps, or the tolerance (${tolerance} of the shares' magnitudes).`,
          "non-finite",
        );
      }
      values.data.set(found.shares, row * width);
      errors[row] = found.error;
      steps[row] = found.steps;
    }
    return { values, predictions, base, errors, steps };
  } finally {
    slopes.free();
  }
}

function baselineOf(who: string, inputs: HostArray, baseline: number | HostArray): HostArray {
  const all = zeros(inputs.shape, "f64");
  if (typeof baseline === "number") {
    all.data.fill(baseline);
    return all;
  }
  const isRow = sameShape(baseline.shape, inputs.shape.slice(1));
  if (!isRow && !sameShape(baseline.shape, inputs.shape)) {
    const row = inputs.shape.slice(1).join(", ");
    fail(
      who,
      `received the baseline ${describe(baseline)} for inputs ${describe(inputs)}; give [${row}] or [rows, ${row}].`,
      "mismatch",
    );
  }
  for (let i = 0; i < all.data.length; i++) all.data[i] = Number(baseline.data[i % baseline.data.length]!);
  return all;
}

/** The way from a baseline to a row. */
interface Way {
  readonly start: Float64Array;
  readonly length: Float64Array;
  /** Points at these places of it, from 0 to 1. */
  at(places: readonly number[]): Rows;
}

function wayOf(row: Rows, from: Rows): Way {
  const start = Float64Array.from(from.inputs.data as ArrayLike<number>);
  const length = start.map((value, i) => Number(row.inputs.data[i]!) - value);
  return {
    start,
    length,
    at(places) {
      const inputs = zeros([places.length, ...row.inputs.shape.slice(1)], "f64");
      for (const [p, place] of places.entries()) {
        for (let i = 0; i < start.length; i++) inputs.data[p * start.length + i] = start[i]! + place * length[i]!;
      }
      return { inputs, extras: takeOf(row, new Int32Array(places.length)).extras };
    },
  };
}

interface Bounds {
  readonly tolerance: number;
  readonly mostSteps: number;
  readonly floor: number;
}

/** Shares of a difference on a way. The middles of three times as many parts hold those that were asked before. */
async function sharesOf(slopes: Slopes, way: Way, difference: number, { tolerance, mostSteps, floor }: Bounds) {
  const sums = new Float64Array(way.length.length);
  for (let steps = Math.min(firstSteps, mostSteps); ; steps *= 3) {
    const isFirst = steps <= firstSteps;
    const places = Array.from({ length: steps }, (_, i) => i)
      .filter((i) => isFirst || i % 3 !== 1)
      .map((i) => (i + 0.5) / steps);
    for (let from = 0; from < places.length; from += together) {
      const { slopes: found } = await slopes.at(way.at(places.slice(from, from + together)));
      for (let i = 0; i < found.data.length; i++) sums[i % sums.length]! += found.data[i]! as number;
    }
    const shares = sums.map((sum, i) => (sum / steps) * way.length[i]!);
    const error = shares.reduce((sum, share) => sum + share, 0) - difference;
    const magnitude = shares.reduce((sum, share) => sum + Math.abs(share), 0);
    const isOff = !(Math.abs(error) <= Math.max(tolerance * magnitude, floor));
    if (!isOff || 3 * steps > mostSteps) return { shares, error, steps, isOff };
  }
}
