// The verdict: the simplest that a person can read of those expected to predict alike, or the best of them; nothing, where guessing or a known law is as good.
import type { Samples } from "@hooke/baselines";
import type { RowNames } from "@hooke/data";
import { studentWithin } from "@hooke/minimize";
import { type Comparison, dummyName, logRatioOf, type MethodResult } from "../comparison/comparison.ts";
import type { Measurement } from "../comparison/measurement.ts";
import { priceInWords } from "../comparison/price.ts";
import { oddsOf } from "../comparison/statistics.ts";
import { noiseFloor } from "../reading/columns.ts";
import { sameInputs } from "../splits/splits.ts";
import type { Recommendation, Signal } from "./advice.ts";
import type { Candidate } from "./candidates.ts";
import type { Readability } from "./options.ts";
import type { Expected } from "./prior.ts";

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
 * How often ranks of predictions go with ranks of targets as well by chance: of rows; where groups are held back whole, of their means, or of rows in their own
 * group, as groups may be few; where clusters are, or the ends of the range, of rows in their own; of classes probabilities, with what it was. 1 of later rows.
 */
function rankChance(measurement: Measurement, predicted: Float64Array): number {
  const { samples, split } = measurement.setting;
  const { target } = samples;
  // What drifts together goes together by rank.
  if (split.kind === "later") return 1;
  const isParted = split.kind === "clusters" || split.kind === "beyond";
  const parts = isParted ? measurement.foldsOf(0).map(({ test }) => [...test]) : undefined;
  const chance = parts ? partChance(parts) : samples.groups === undefined ? rowChance : groupChance;
  if (target.type === "number") return chance(samples, target.values, predicted);
  const { length: count } = target.classes;
  // Of two classes one says it all.
  const asked = count === 2 ? [1] : Array.from({ length: count }, (_, k) => k);
  const chances = asked.map((k) =>
    chance(
      samples,
      Float64Array.from(target.values, (label) => Number(label === k)),
      Float64Array.from(target.values, (_, row) => predicted[row * count + k]!),
    ),
  );
  return Math.min(1, asked.length * Math.min(...chances));
}

/** Rows whose inputs are the same count as one. */
function rowChance(samples: Samples, targets: Float64Array, predicted: Float64Array): number {
  const units = together(Array.from(targets.keys()), sameInputs(samples));
  return correlationChance(ranksOf(meansOf(units, targets)), ranksOf(meansOf(units, predicted)), units.length - 2);
}

/** Two tests, corrected for being two. */
function groupChance(samples: Samples, targets: Float64Array, predicted: Float64Array): number {
  const groups = together(Array.from(targets.keys()), samples.groups!);
  const between = [targets, predicted].map((values) => ranksOf(meansOf(groups, values)));
  return Math.min(
    1,
    2 * correlationChance(between[0]!, between[1]!, groups.length - 2),
    2 * chanceWithin(groups, sameInputs(samples), targets, predicted),
  );
}

/**
 * Clusters are few, and their means follow inputs of which they were made; the ends of a range are two, and their means are what parted them. Rows of one
 * group, or of the same inputs, count as one.
 */
const partChance =
  (clusters: readonly (readonly number[])[]) =>
  (samples: Samples, targets: Float64Array, predicted: Float64Array): number =>
    chanceWithin(clusters, samples.groups ?? sameInputs(samples), targets, predicted);

/** Of rows in their own part, by names as one. There ranks are of one spread, so that large parts count by their rows alone. */
function chanceWithin(
  parts: readonly (readonly number[])[],
  names: RowNames,
  targets: Float64Array,
  predicted: Float64Array,
): number {
  const units = parts.map((rows) => together(rows, names)).filter(({ length }) => length > 1);
  const [a, b] = [targets, predicted].map((values) =>
    Float64Array.from(units.flatMap((of) => [...scaled(ranksOf(meansOf(of, values)))])),
  );
  return correlationChance(
    a!,
    b!,
    units.reduce((sum, { length }) => sum + length - 1, -1),
  );
}

/** Rows by their names, in the order of the first. */
const together = (rows: readonly number[], names: RowNames): number[][] => [
  ...Map.groupBy(rows, (row) => names[row]!).values(),
];

const meansOf = (units: readonly (readonly number[])[], values: Float64Array): Float64Array =>
  Float64Array.from(units, (rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length);

/** Of Spearman's correlation, one-sided, from ranks less their means. */
function correlationChance(a: Float64Array, b: Float64Array, degrees: number): number {
  const r = a.reduce((sum, rank, i) => sum + rank * b[i]!, 0) / Math.sqrt(squared(a) * squared(b));
  if (!(r > 0) || degrees < 1) return 1;
  return (1 - studentWithin(r * Math.sqrt(degrees / Math.max(1 - r * r, Number.EPSILON)), degrees)) / 2;
}

/** Of variance 1; all 0 where all are the same. */
function scaled(ranks: Float64Array): Float64Array {
  const deviation = Math.sqrt(squared(ranks) / (ranks.length - 1)) || 1;
  return ranks.map((rank) => rank / deviation);
}

const squared = (values: Float64Array): number => values.reduce((sum, value) => sum + value ** 2, 0);

/** Ranks less their mean; equal values share theirs. */
function ranksOf(values: Float64Array): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to - values.length) / 2;
    from = to;
  }
  return ranks;
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
