// Which of two predicts rows better that neither learned from, and whether the difference is more than chance.

/** What a comparison found. */
export interface Comparison {
  /** The one with the smaller error; neither where the difference may be chance. */
  readonly better: "first" | "second" | "neither";
  /** Mean over the rows of the second's error less the first's, and its standard error. */
  readonly difference: number;
  readonly standardError: number;
}

/**
 * Compares errors of the same rows in pairs: one is better where the mean difference is more than twice its standard error.
 *
 * @param first errors by row, such as squares, or 1 where a class is wrong and 0 else; `second` those of the other
 */
export function compare(first: readonly number[], second: readonly number[]): Comparison {
  const count = first.length;
  const differences = first.map((error, i) => second[i]! - error);
  const difference = differences.reduce((sum, each) => sum + each, 0) / count;
  const squares = differences.reduce((sum, each) => sum + (each - difference) ** 2, 0);
  const standardError = Math.sqrt(squares / (count - 1) / count);
  const certain = Math.abs(difference) > 2 * standardError;
  return { better: !certain ? "neither" : difference > 0 ? "first" : "second", difference, standardError };
}
