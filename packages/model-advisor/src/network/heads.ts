// Heads: what the outputs of networks mean, what they are trained by, and how far off targets may be by what members say together.
import type { Bounds } from "@hooke/baselines";
import { gaussianNll, type Loss, mse, pinball } from "@hooke/core";
import { studentQuantile } from "@hooke/minimize";

/** How networks say how sure they are of numbers: see `uncertainty` of {@link TrainingOptions}. */
export const uncertainties = ["ensemble", "gaussian", "quantiles"] as const;
export type Uncertainty = (typeof uncertainties)[number];

/** Shares of targets below what a head of quantiles says. */
const quantiles = [0.05, 0.5, 0.95];
/** Of a variance, relative to that of the targets. */
const leastVariance = 1e-6;

interface Head {
  /** For one target. */
  readonly outputs: number;
  readonly loss: () => Loss;
}

export const heads: Readonly<Record<Uncertainty, Head>> = {
  ensemble: { outputs: 1, loss: mse },
  gaussian: { outputs: 2, loss: () => gaussianNll({ epsilon: leastVariance, beta: 0.5 }) },
  quantiles: { outputs: quantiles.length, loss: () => pinball({ quantiles }) },
};

/** What members say of rows, in the units in which they were trained. */
export interface Said {
  readonly values: Float64Array;
  /** In standard deviations of a normal distribution that reaches as far: below and above differ for quantiles alone. */
  readonly below: Float64Array;
  readonly above: Float64Array;
}

/**
 * @param outputs of each member, `[rows, outputs]`
 * @param noise standard deviation of targets about a member, for heads that do not say it
 */
export function saidBy(uncertainty: Uncertainty, outputs: readonly ArrayLike<number>[], noise: number): Said {
  const width = heads[uncertainty].outputs;
  const meanOf = (members: readonly ArrayLike<number>[], of: (member: ArrayLike<number>, row: number) => number) =>
    Float64Array.from({ length: members[0]!.length / width }, (_, row) => {
      return members.reduce((sum, member) => sum + of(member, row), 0) / members.length;
    });
  if (uncertainty === "quantiles") {
    // Where they cross they are put in order.
    const ordered = outputs.map((member) => orderedRows(member, width));
    const [low, values, high] = [0, 1, 2].map((q) => meanOf(ordered, (member, row) => member[row * width + q]!));
    const reach = normalReach(quantiles[2]! - quantiles[0]!);
    return {
      values: values!,
      below: values!.map((value, row) => (value - low![row]!) / reach),
      above: values!.map((value, row) => (high![row]! - value) / reach),
    };
  }
  const values = meanOf(outputs, (member, row) => member[row * width]!);
  const spread = meanOf(outputs, (member, row) => (member[row * width]! - values[row]!) ** 2);
  const scatter = uncertainty === "gaussian" ? meanOf(outputs, varianceAt) : values.map(() => noise ** 2);
  const deviation = spread.map((square, row) => Math.sqrt(square + scatter[row]!));
  return { values, below: deviation, above: deviation };
}

const varianceAt = (member: ArrayLike<number>, row: number): number =>
  Math.max(leastVariance, Math.exp(member[2 * row + 1]!));

function orderedRows(member: ArrayLike<number>, width: number): Float64Array {
  const ordered = Float64Array.from(member);
  for (let from = 0; from < ordered.length; from += width) ordered.subarray(from, from + width).sort();
  return ordered;
}

/** Bounds that hold a share of what members think possible: what they believe, which folds of `conformal` correct. */
export function believedBounds({ values, below, above }: Said, level: number): Bounds {
  const reach = normalReach(level);
  return {
    lower: values.map((value, row) => value - reach * below[row]!),
    upper: values.map((value, row) => value + reach * above[row]!),
  };
}

/** Of targets about the values. */
export const believedDeviation = ({ below, above }: Said): Float64Array =>
  below.map((value, row) => (value + above[row]!) / 2);

/** How many standard deviations from the mean hold a share of a normal distribution. */
const normalReach = (share: number): number => studentQuantile(share, Number.POSITIVE_INFINITY);
