// How often ranks of what was predicted go with ranks of what was found by chance: a test of whether there is anything to find, as folds are few.
import type { Samples } from "@hooke/baselines";
import type { RowNames } from "@hooke/data";
import { studentWithin } from "@hooke/minimize";
import type { Measurement } from "../comparison/measurement.ts";
import { sameInputs } from "../splits/splits.ts";

/**
 * How often ranks of predictions go with ranks of targets as well by chance: of rows; where groups are held back whole, of their means, or of rows in their own
 * group, as groups may be few; where clusters are, or the ends of the range, of rows in their own; of classes probabilities, with what it was. 1 of later rows.
 */
export function rankChance(measurement: Measurement, predicted: Float64Array): number {
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
  return correlationChance(ranksOf(meansOf(units, targets)), ranksOf(meansOf(units, predicted)), [units.length]);
}

/** Two tests, corrected for being two. */
function groupChance(samples: Samples, targets: Float64Array, predicted: Float64Array): number {
  const groups = together(Array.from(targets.keys()), samples.groups!);
  const between = [targets, predicted].map((values) => ranksOf(meansOf(groups, values)));
  return Math.min(
    1,
    2 * correlationChance(between[0]!, between[1]!, [groups.length]),
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
  return correlationChance(a!, b!, endsOf(units));
}

/** Where each part ends among the units of all of them. */
function endsOf(parts: readonly (readonly unknown[])[]): number[] {
  let end = 0;
  return parts.map(({ length }) => (end += length));
}

/** Rows by their names, in the order of the first. */
const together = (rows: readonly number[], names: RowNames): number[][] => [
  ...Map.groupBy(rows, (row) => names[row]!).values(),
];

const meansOf = (units: readonly (readonly number[])[], values: Float64Array): Float64Array =>
  Float64Array.from(units, (rows) => rows.reduce((sum, row) => sum + values[row]!, 0) / rows.length);

/** Orders are counted one by one where there are no more than those of eight. */
const countable = 40_320;

/**
 * Of Spearman's correlation, one-sided, from ranks less their means, of which a part ends at each of `ends`. Where orders within parts are few they are counted: all of five
 * units go together by chance in 1 of 120, which Student's t, meant for many, calls never.
 */
export function correlationChance(a: Float64Array, b: Float64Array, ends: readonly number[]): number {
  const products = a.reduce((sum, rank, i) => sum + rank * b[i]!, 0);
  const r = products / Math.sqrt(squared(a) * squared(b));
  const degrees = a.length - ends.length - 1;
  if (!(r > 0) || degrees < 1) return 1;
  const orders = ends.reduce((product, end, part) => product * ordersOf(end - (ends[part - 1] ?? 0)), 1);
  if (orders <= countable) return ordersAbove(a, b, ends, products * (1 - 1e-12)) / orders;
  return (1 - studentWithin(r * Math.sqrt(degrees / Math.max(1 - r * r, Number.EPSILON)), degrees)) / 2;
}

/** In how many orders so many can be; Infinity of more than 170. */
function ordersOf(count: number): number {
  let orders = 1;
  for (let n = 2; n <= count && orders < Number.POSITIVE_INFINITY; n++) orders *= n;
  return orders;
}

/** In how many orders of `b` within its parts its sum of products with `a` is at least so much. */
function ordersAbove(a: Float64Array, b: Float64Array, ends: readonly number[], least: number): number {
  const left = [...b];
  const countFrom = (at: number, sum: number): number => {
    if (at === a.length) return Number(sum >= least);
    const end = ends.find((each) => each > at)!;
    let count = 0;
    for (let other = at; other < end; other++) {
      [left[at], left[other]] = [left[other]!, left[at]!];
      count += countFrom(at + 1, sum + a[at]! * left[at]!);
      [left[at], left[other]] = [left[other]!, left[at]!];
    }
    return count;
  };
  return countFrom(0, 0);
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
