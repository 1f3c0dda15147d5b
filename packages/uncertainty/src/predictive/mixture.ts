// What a method says of targets that are numbers: for each a mixture of normal distributions, one a draw of the model.
import {
  type Check,
  checkArgument,
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  sizeOf,
} from "@hooke/runtime";
import { checkFinite, checkNumbers, f64 } from "../checks.ts";

/**
 * Distributions of targets, in their units: of each element of `[rows, ...]` a mixture of normal distributions with equal weights. Draws of a
 * model, such as the members of an ensemble, are its components; a single normal distribution is a mixture of one.
 */
export interface Mixture {
  /** Means of the components, `f64[components, rows, ...]`. */
  readonly means: HostArray;
  /** Their standard deviations, `f64[components, rows, ...]`: the scatter of measurements about a model. 0 where it is not known. */
  readonly deviations: HostArray;
  /** What to predict: the mean of the mixture, `f64[rows, ...]`. */
  readonly mean: HostArray;
  /** Its standard deviation, `f64[rows, ...]`: the spread of the means and the scatter together. */
  readonly deviation: HostArray;
  /** The part of it that is the model's own, `f64[rows, ...]`, such as the spread of the means: what more data like these would take away. */
  readonly modelDeviation: HostArray;
}

/** Options of {@link mixtureOf}. */
export interface MixtureOptions {
  /**
   * Standard deviation of measurements about the model, in the units of the targets: a number, one for each column, or an array as the draws,
   * `[draws, rows, ...]`. See {@link fitNoise}. Default 0: the model's own uncertainty alone, which has no density.
   */
  readonly noise?: number | readonly number[] | HostArray;
}

/** Expects a mixture. */
export const mixtureCheck: Check = (value) => {
  const { means, deviations, mean } = (value ?? {}) as Partial<Mixture>;
  return [means, deviations, mean].every((part) => part?.data !== undefined)
    ? undefined
    : "a mixture, such as mixtureOf(draws, { noise }) makes";
};

/**
 * The mixture of draws of a model and the noise of measurements.
 *
 * @param draws `[draws, rows, ...]`, in the units of the targets
 * @throws on draws that are not finite, and on noise that is negative or does not fit
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { mixtureOf } from "@hooke/uncertainty";
 *
 * const { mean, deviation, modelDeviation } = mixtureOf(array([[1, 10], [3, 10]]), { noise: 2 });
 * console.log(mean.data, modelDeviation.data); // Float64Array(2) [ 2, 10 ] Float64Array(2) [ 1, 0 ]
 * console.log(deviation.data[1]); // 2
 * ```
 */
export function mixtureOf(draws: HostArray, options: MixtureOptions = {}): Mixture {
  checkNumbers("mixtureOf", "draws", draws);
  checkOptions<MixtureOptions>("mixtureOf", options, { optional: { noise: noiseCheck } });
  if (draws.shape.length < 2) {
    fail("mixtureOf", `received draws ${describe(draws)}; they are [draws, rows, ...].`, "mismatch");
  }
  checkFinite("mixtureOf", "the draws", draws);
  const means = f64(draws.shape, Float64Array.from(draws.data));
  return moments(means, f64(draws.shape, noiseOf(draws, options.noise ?? 0)));
}

const isNoise = (value: unknown): boolean => checks.nonNegative(value) === undefined;
const noiseCheck: Check = (value) => {
  const list = Array.isArray(value) ? value : ((value as Partial<HostArray> | null)?.data ?? [value]);
  return Array.prototype.every.call(list, isNoise) ? undefined : "standard deviations of at least 0";
};

function noiseOf({ shape, data }: HostArray, noise: number | readonly number[] | HostArray): Float64Array {
  if (typeof noise === "number") return new Float64Array(data.length).fill(noise);
  if ("data" in noise) {
    checkArgument("mixtureOf", "the noise", noise, () =>
      noise.data.length === data.length ? undefined : `one for each draw, [${shape.join(", ")}]`,
    );
    return Float64Array.from(noise.data);
  }
  const columns = shape.length < 3 ? 1 : shape.at(-1)!;
  if (noise.length !== columns) {
    fail(
      "mixtureOf",
      `received ${noise.length} deviations of noise for ${columns} columns; give one each.`,
      "mismatch",
    );
  }
  return Float64Array.from(data, (_, i) => noise[i % columns]!);
}

/** The mixture of components. @param means `[components, rows, ...]`, as `deviations` */
export function moments(means: HostArray, deviations: HostArray): Mixture {
  const [count, ...shape] = means.shape as [number, ...number[]];
  const size = sizeOf(shape);
  const mean = new Float64Array(size);
  const modelDeviation = new Float64Array(size);
  const deviation = new Float64Array(size);
  for (let c = 0; c < count; c++) for (let i = 0; i < size; i++) mean[i]! += means.data[c * size + i]! / count;
  for (let i = 0; i < size; i++) {
    let [spread, scatter] = [0, 0];
    for (let at = i; at < means.data.length; at += size) {
      spread += (means.data[at]! - mean[i]!) ** 2;
      scatter += deviations.data[at]! ** 2;
    }
    modelDeviation[i] = Math.sqrt(spread / count);
    deviation[i] = Math.sqrt((spread + scatter) / count);
  }
  return {
    means,
    deviations,
    mean: f64(shape, mean),
    deviation: f64(shape, deviation),
    modelDeviation: f64(shape, modelDeviation),
  };
}

/** A component after the other of one element: its mean and its deviation. */
export function eachComponent(
  { means, deviations, mean }: Mixture,
  element: number,
  visit: (mean: number, deviation: number) => void,
): void {
  const size = mean.data.length;
  for (let at = element; at < means.data.length; at += size) visit(means.data[at]!, deviations.data[at]!);
}
