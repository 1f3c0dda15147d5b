// Where the next specimens help: of those that could be made, the ones that are least like what was seen.
import { designMatrix, inputsOf } from "@hooke/baselines";
import { type Table, tableCheck } from "@hooke/data";
import { checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import { type DomainCard, domainCardCheck } from "./domain.ts";

/** Options of {@link nextSpecimens}. */
export interface NextOptions {
  /** How many. Default 5. */
  readonly count?: number;
}

/** A specimen that would tell much. */
export interface NextSpecimen {
  /** Its row in the table of those that could be made. */
  readonly row: number;
  /** To the nearest row seen or chosen before it, over what is usual among those seen: above 2 the model would call it outside. */
  readonly distance: number;
}

/**
 * Chooses specimens to make next, one after the other: each the farthest from all that were seen and from those chosen before, in inputs that are scaled as the
 * model's. Such designs leave no part of the candidates far from a specimen, whatever the method (Kennard and Stone, "Computer aided design of experiments",
 * Technometrics 11, 1969; Johnson, Moore and Ylvisaker, "Minimax and maximin distance designs", Journal of Statistical Planning and Inference 26, 1990).
 *
 * @param card of the model: `domain` of `advice.fit()`, or `domainOf(samples)`
 * @param candidates a row for each specimen that could be made; the target is not needed
 * @returns at most as many as there are rows that differ from those seen, the most telling first
 * @throws on columns that are not there, and where every candidate has been seen
 * @example
 * ```ts
 * import { samplesOf } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 * import { domainOf, nextSpecimens } from "@hooke/model-advisor";
 *
 * const seen = tableOf({ carbon: [0.1, 0.12, 0.14, 0.2], temper: [200, 220, 240, 260], strength: [400, 410, 420, 450] });
 * const makeable = tableOf({ carbon: [0.12, 0.6, 0.58, 0.15], temper: [220, 300, 310, 500] });
 * const next = nextSpecimens(domainOf(samplesOf(seen, "strength", {})), makeable, { count: 2 });
 * console.log(next.map(({ row }) => row)); // [ 1, 3 ]
 * ```
 */
export function nextSpecimens(card: DomainCard, candidates: Table, options: NextOptions = {}): NextSpecimen[] {
  const who = "nextSpecimens";
  checkArgument(who, "the card", card, domainCardCheck);
  checkArgument(who, "the candidates", candidates, tableCheck);
  checkOptions<NextOptions>(who, options, { optional: { count: checks.count } });
  const { count = 5 } = options;
  const { unseen: _, ...inputs } = inputsOf(candidates, card.inputs);
  const width = card.design.names.length;
  const rows = designMatrix(card.design, inputs);
  const rowOf = (row: number): Float64Array => rows.subarray(row * width, (row + 1) * width);
  // Squared, to the nearest of those seen and chosen.
  const nearest = new Float64Array(inputs.rowCount).fill(Number.POSITIVE_INFINITY);
  const see = (seen: Float64Array): void => {
    for (let row = 0; row < nearest.length; row++) {
      nearest[row] = Math.min(nearest[row]!, squaredDistance(seen, rowOf(row)));
    }
  };
  for (let from = 0; from < card.rows.length; from += width) see(card.rows.subarray(from, from + width));
  const chosen: NextSpecimen[] = [];
  while (chosen.length < count) {
    const row = nearest.reduce((most, square, i) => (square > nearest[most]! ? i : most), 0);
    if (!(nearest[row]! > 0)) break;
    chosen.push({ row, distance: Math.sqrt(nearest[row]!) / card.usual });
    see(rowOf(row));
  }
  if (chosen.length === 0) {
    fail(
      who,
      `all ${inputs.rowCount} rows of ${candidates.source} are like rows that were seen; give others.`,
      "invalid-data",
    );
  }
  return chosen;
}

const squaredDistance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);
