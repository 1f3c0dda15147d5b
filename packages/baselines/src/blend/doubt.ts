// Doubt: how much each method counts for a row, by the deviation that it states there.
import { power, shared, sharesBy } from "./weights.ts";

/** How a stated deviation is heard. */
interface Rule {
  /** How many times its usual deviation a method states where it begins to count less. */
  readonly doubt: number;
  /** Which power is believed of how many times smaller than usual a deviation is. */
  readonly credit: number;
}

/** What a blend keeps beside what its methods learned. */
interface Weighing {
  readonly weights: Float64Array;
  readonly deviations: Float64Array;
  readonly rules: readonly number[];
}

/** Which rule suits a table few rows do not tell: each has a share. Files keep the shares in this order. */
export const rules: readonly Rule[] = /* @__PURE__ */ [1.5, 2, 4].flatMap((doubt) =>
  [0, 0.5, 1].map((credit) => ({ doubt, credit })),
);

/** Shares of rules fall with this power of the error: rules differ by little, and a hundredth more of it leaves 0.6 of a share. */
const rulePower = 50;

/**
 * What a method's weight for a row is multiplied by: its error there counts as larger by as much as the deviation that it states is beyond where doubt begins, and as
 * smaller by what is believed of how far that is below the usual one. In between, statements scatter by more than errors follow them.
 *
 * @param usual root mean square of the deviations that it stated for rows that were left out
 */
export function trustIn(deviation: number, usual: number, { doubt, credit }: Rule): number {
  // Of one that is sure of itself without any doubt, as of a point without noise, the weight stays a number.
  const ratio = Math.max(deviation / usual, Number.EPSILON);
  return (Math.min(doubt / ratio, 1) * Math.max(1 / ratio, 1) ** credit) ** power;
}

/**
 * Adds up what methods predict. For each row their weights are the means, by the shares of the rules, of those by each rule, which sum to 1.
 *
 * @param predicted of each method: `[rows]`, or `[rows, classes]` of classes; undefined of those that weigh nothing
 * @param stated of each method, the deviation of each row; undefined of those that count alike for all rows
 */
export function addedUp(
  weighing: Weighing,
  predicted: readonly (Float64Array | undefined)[],
  stated: readonly (Float64Array | undefined)[],
): Float64Array {
  const rowCount = stated.find((each) => each !== undefined)?.length;
  const byRow = rowCount === undefined ? undefined : weightsByRow(weighing, stated, rowCount);
  let sum: Float64Array | undefined;
  for (const [i, values] of predicted.entries()) {
    if (values === undefined) continue;
    const own = byRow?.[i];
    sum = values.map((value, at) => (sum?.[at] ?? 0) + (own?.[at] ?? weighing.weights[i]!) * value);
  }
  return sum!;
}

function weightsByRow(
  { weights, deviations, rules: shares }: Weighing,
  stated: readonly (Float64Array | undefined)[],
  rowCount: number,
): Float64Array[] {
  const byRow = stated.map(() => new Float64Array(rowCount));
  for (let row = 0; row < rowCount; row++) {
    for (const [r, rule] of rules.entries()) {
      if (shares[r] === 0) continue;
      const trusted = weights.map((weight, i) => {
        const [deviation, usual] = [stated[i]?.[row], deviations[i]!];
        return deviation === undefined || usual === 0 ? weight : weight * trustIn(deviation, usual, rule);
      });
      for (const [i, weight] of shared(trusted).entries()) byRow[i]![row]! += shares[r]! * weight;
    }
  }
  return byRow;
}

/** @param errorBy what a blend by these shares errs by on rows that were left out */
export const sharesOfRules = (errorBy: (shares: readonly number[]) => number): number[] =>
  Array.from(
    sharesBy(
      rules.map((own) => errorBy(rules.map((rule) => (rule === own ? 1 : 0)))),
      rulePower,
    ),
  );
