// The verdict: the simplest that a person can read of those expected to predict alike, or the best of them; nothing, where guessing or a known law is as good.
import { type Comparison, dummyName, logRatioOf, type MethodResult } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import { priceInWords } from "../comparison/price.ts";
import { oddsOf } from "../comparison/statistics.ts";
import { noiseFloor } from "../reading/columns.ts";
import type { Recommendation, Signal } from "./advice.ts";
import type { Candidate } from "./candidates.ts";
import type { Readability } from "./options.ts";
import type { Expected } from "./prior.ts";
import { rankChance } from "./rank-chance.ts";

/** The least share of the dummy's error that must be taken away, and how often chance may do as much. */
const [leastSkill, mostChance] = [0.02, 0.05];

/** How much of that is given to the test by folds; the rest is for that by ranks, which takes less. */
const shareOfFolds = 0.8;

/**
 * Whether the inputs say anything of the target: the best candidate against the dummy, corrected for choosing it among many (Bonferroni) and for two
 * tests. By ratios of errors on folds, as differences scatter with how hard a fold is: a few extreme targets would hide what is plain on every fold. And
 * by ranks of all rows held back, as folds are few: guesses rank none.
 */
export function signalOf(measurement: Measurement, comparison: Comparison): Signal {
  const { samples } = measurement.setting;
  const others = comparison.methods.filter(({ method }) => method !== dummyName);
  const [best] = others;
  const floor = noiseFloor(samples);
  const rest = floor && { noiseFloor: floor };
  if (best === undefined) return { found: false, skill: 0, pValue: 1, ...rest };
  const { better } = oddsOf(logRatioOf(measurement.of(best.method), measurement.of(dummyName)), 0);
  const byRanks = rankChance(measurement, comparison.predictions(best.method));
  const chance = Math.min((1 - better) / shareOfFolds, byRanks / (1 - shareOfFolds));
  const pValue = Math.min(1, chance * others.length);
  return { found: best.skill > leastSkill && pValue < mostChance, skill: best.skill, pValue, ...rest };
}

/**
 * What is recommended of the candidates, the simplest first. The best is the one of which the least error is expected, by what was measured and by
 * what is usual: where nothing is measured surely, one that seldom fails. As good as it is what was measured as good and is expected to be.
 */
export function verdictOf(
  comparison: Comparison,
  expected: Expected,
  candidates: readonly Candidate[],
  options: { readonly split: string; readonly readable: Readability; readonly laws: ReadonlySet<string> },
): { readonly recommended?: Recommendation; readonly equivalent: string[] } {
  const byName = new Map(comparison.methods.map((result) => [result.method, result]));
  const ranked = candidates.filter(
    ({ name, readable }) => byName.has(name) && (readable || options.readable !== "required"),
  );
  const [least] = ranked.toSorted((a, b) => expected.get(a.name)! - expected.get(b.name)!);
  if (least === undefined) return { equivalent: [] };
  const overBest = (name: string): number => 1 + byName.get(name)!.price;
  const { equivalence } = comparison;
  const isExpected = (name: string): boolean =>
    1 + expected.get(name)! <= (1 + equivalence) * (1 + expected.get(least.name)!);
  const isAlike = ({ name }: Candidate): boolean =>
    name === least.name ||
    (isExpected(name) &&
      overBest(name) <= (1 + equivalence) * overBest(least.name) &&
      comparison.pair(name, least.name).worse < 0.95);
  const alike = ranked.filter(isAlike);
  const equivalent = alike.map(({ name }) => name);
  const simplest = alike[0]!;
  if (simplest.name === dummyName || options.laws.has(simplest.name)) return { equivalent };
  // A little error buys a model that can be read, where that is worth any. Of those that cannot, the one that is expected to be best costs nothing.
  const method = simplest.readable && options.readable !== "indifferent" ? simplest.name : least.name;
  const isLeftOut = !ranked.some(({ name }) => name === comparison.methods[0]!.method);
  const because = isLeftOut
    ? legibleReasonOf(byName.get(method)!, comparison)
    : reasonOf(method, equivalent, byName.get(least.name)!, comparison);
  const { readable } = ranked.find(({ name }) => name === method)!;
  return { recommended: { ...byName.get(method)!, split: options.split, readable, because }, equivalent };
}

/** Where only what can be read was asked for, and something else was measured better. */
const legibleReasonOf = ({ price }: MethodResult, { methods: [first] }: Comparison): string =>
  `Of those that a person can read none is better by what matters; beside ${first!.method} that costs ${priceInWords(price)}.`;

function reasonOf(
  method: string,
  equivalent: readonly string[],
  { method: best, price }: MethodResult,
  comparison: Comparison,
): string {
  const others = equivalent.filter((name) => name !== method);
  const rest = others.length < 2 ? others[0] : `${others.slice(0, -1).join(", ")} and ${others.at(-1)}`;
  const isOne = others.length === 1;
  if (method !== best) {
    if (others.length === 0) return `No other candidate was measured as good.`;
    return `It is the simplest of those that predict alike: ${rest} ${isOne ? "is" : "are"} no better by what matters.`;
  }
  const [first] = comparison.methods;
  if (price > 0 && first!.method !== method) {
    const less = Math.round((100 * price) / (1 + price));
    return less === 0
      ? `${first!.method} was measured as good; on other tables it seldom is.`
      : `${first!.method} was measured with ${less} % less error, less than folds can tell apart; on other tables it seldom has less.`;
  }
  if (others.length === 0) return "No other candidate was measured as good.";
  const what = method === equivalent[0] ? "the best and the simplest" : "the best";
  return `It is ${what}; ${rest} ${isOne ? "predicts" : "predict"} about as well.`;
}
