// What a method says of classes: probabilities, and how much of their doubt is the model's own.
import { hostArrayCheck } from "@hooke/data";
import { type Check, checkArgument, describe, fail, type HostArray, isFloat, sizeOf } from "@hooke/runtime";
import { checkFinite, f64 } from "../checks.ts";

/** Probabilities of classes, the mean over draws of a model. */
export interface ClassMixture {
  /** `f64[rows, ..., classes]`. */
  readonly probabilities: HostArray;
  /** Entropy of these, in nats, `f64[rows, ...]`: all doubt. */
  readonly entropy: HostArray;
  /**
   * The entropy less the mean entropy of the draws, in nats, `f64[rows, ...]`: how far the draws disagree, the doubt that more data would take
   * away. Houlsby et al. 2011.
   */
  readonly disagreement: HostArray;
}

/** Expects probabilities of classes. */
export const classMixtureCheck: Check = (value) =>
  (value as Partial<ClassMixture> | null | undefined)?.probabilities?.data !== undefined
    ? undefined
    : "what classMixtureOf(draws) makes";

/**
 * Probabilities of classes from draws of a model.
 *
 * @param draws logits `[draws, rows, ..., classes]`, such as `monteCarloDropout` and `predictMembers` give of models of classes
 * @throws on fewer than two classes, and on logits that are not finite
 * @example
 * ```ts
 * import { array } from "@hooke/runtime";
 * import { classMixtureOf } from "@hooke/uncertainty";
 *
 * // Two draws that are sure of opposite classes.
 * const { probabilities, disagreement } = classMixtureOf(array([[[20, -20]], [[-20, 20]]]));
 * console.log(probabilities.data, disagreement.data[0]!.toFixed(4)); // Float64Array(2) [ 0.5, 0.5 ] 0.6931
 * ```
 */
export function classMixtureOf(draws: HostArray): ClassMixture {
  checkArgument("classMixtureOf", "the draws", draws, hostArrayCheck);
  const classes = draws.shape.at(-1) ?? 0;
  if (!isFloat(draws.dtype) || draws.shape.length < 3 || classes < 2) {
    fail(
      "classMixtureOf",
      `received ${describe(draws)}; it takes logits of two classes at least, [draws, rows, ..., classes].`,
      "mismatch",
    );
  }
  checkFinite("classMixtureOf", "the logits", draws);
  const [count, ...shape] = draws.shape as [number, ...number[]];
  const size = sizeOf(shape);
  const probabilities = new Float64Array(size);
  const own = new Float64Array(size / classes);
  for (let draw = 0; draw < count; draw++) {
    for (let at = 0, place = 0; at < size; at += classes, place++) {
      const logits = draws.data.subarray(draw * size + at, draw * size + at + classes);
      const each = softmax(logits);
      for (let c = 0; c < classes; c++) probabilities[at + c]! += each[c]! / count;
      own[place]! += entropyOf(each) / count;
    }
  }
  const entropy = own.map((_, place) => entropyOf(probabilities.subarray(place * classes, (place + 1) * classes)));
  const places = shape.slice(0, -1);
  return {
    probabilities: f64(shape, probabilities),
    entropy: f64(places, entropy),
    // It is not negative but for rounding.
    disagreement: f64(
      places,
      entropy.map((all, place) => Math.max(0, all - own[place]!)),
    ),
  };
}

function softmax(logits: ArrayLike<number>): Float64Array {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) most = Math.max(most, logits[i]!);
  const powers = Float64Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}

function entropyOf(probabilities: Float64Array): number {
  return probabilities.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
}
