// A comparison: methods side by side on the same folds, with what is certain of their differences.
import type { Target } from "@hooke/baselines";
import { studentQuantile } from "@hooke/minimize";
import { fail, quoted } from "@hooke/runtime";
import { digitsText } from "./digits.ts";
import type { Failed, Measured, Measurement, Setting } from "./measurement.ts";
import { type ErrorName, errorKinds } from "./metrics.ts";
import { priceText } from "./price.ts";
import { type Estimate, estimateOf, expectedRange, type Odds, oddsOf } from "./statistics.ts";

/** One method's errors. */
export interface MethodResult {
  readonly method: string;
  /** The mean over folds, in the unit of the target. */
  readonly error: number;
  readonly standardError: number;
  /** Where the error on as many new rows as a fold has is expected in 9 of 10 cases. */
  readonly range: readonly [number, number];
  /** The share of the dummy's error that it takes away; below 0 it is worse. `NaN` without a dummy. */
  readonly skill: number;
  /** Of a fold. */
  readonly seconds: number;
  /** Error over the least one, less 1, on the folds that both were measured on. Where the least is none at all, others count as a hundred times it. */
  readonly price: number;
  readonly folds: number;
}

/** Two methods on the same folds. */
export interface Pair extends Odds {
  /** Mean error of the first less that of the second. */
  readonly difference: number;
  /** 95 % of what that is expected to be. */
  readonly interval: readonly [number, number];
}

/** Methods that were measured. */
export interface Comparison {
  readonly error: ErrorName;
  readonly unit?: string;
  /** Those that failed on no fold, the least error first. */
  readonly methods: readonly MethodResult[];
  /** Not significantly worse than the best, at 5 %: the best first. */
  readonly tie: readonly string[];
  /** Those of `tie` whose mean error is above the least by no more than `equivalence`. */
  readonly equivalent: readonly string[];
  readonly failed: readonly Failed[];
  /** The share of an error that makes no difference. */
  readonly equivalence: number;
  /** How two compare. @param margin the share of the lesser error that makes no difference. Default `equivalence` */
  pair(first: string, second: string, margin?: number): Pair;
  /** Out-of-fold predictions of the first repeat, row by row: `[rows]`, or `[rows, classes]`; `NaN` of rows that no fold held back. */
  predictions(method: string): Float64Array;
  /** What a table shows: the heads of its columns, then a row of texts for each method. */
  cells(): readonly (readonly string[])[];
  /** {@link cells} in monospaced text. */
  table(): string;
  toJSON(): object;
}

/** The name of the method that looks at no input. */
export const dummyName = "dummy";

/** What measurements say. @param equivalence the share of the error below which a difference is none */
export function comparisonOf(measurement: Measurement, equivalence: number): Comparison {
  const { samples, error, split } = measurement.setting;
  const names = [...new Set(measurement.measured.map(({ method }) => method))];
  const byName = new Map(names.map((name) => [name, measurement.of(name)]));
  // Whoever failed on a fold has a mean over other folds than the others, perhaps the easy ones.
  const failed = new Set(measurement.failed.map(({ method }) => method));
  const whole = names.filter((name) => !failed.has(name));
  const dummy = byName.get(dummyName);
  const methods = ranked(
    whole.map((name) => resultOf(name, byName.get(name)!, dummy, { error, split })),
    byName,
  );
  const [best] = methods;
  const unit = samples.target.type === "number" && error !== "wrong" ? samples.target.unit : undefined;
  const measuredOf = (name: string): Measured[] =>
    byName.get(name) ?? fail("compare", `has not measured "${name}"; it has ${quoted(names)}.`, "mismatch");
  const pair = (first: string, second: string, margin = equivalence): Pair =>
    pairOf(measuredOf(first), measuredOf(second), margin);
  const isWorse = (name: string): boolean => pair(name, best!.method, 0).worse >= 0.95;
  const tie = methods.filter(({ method }) => method === best?.method || !isWorse(method));
  return {
    error,
    ...(unit !== undefined && { unit }),
    methods,
    tie: tie.map(({ method }) => method),
    equivalent: tie.filter(({ price }) => price <= equivalence).map(({ method }) => method),
    equivalence,
    failed: measurement.failed,
    pair,
    predictions: (name) => predictionsOf(measuredOf(name), samples.target),
    cells: () => cellsOf(methods, error, unit),
    table: () => tableOf(cellsOf(methods, error, unit)),
    toJSON: () => ({
      error,
      split: measurement.setting.split,
      methods,
      failed: measurement.failed,
      measured: measurement.measured.map(({ predicted: _, rows: __, ...each }) => each),
    }),
  };
}

/**
 * The least error first. Those that were left early are known on fewer folds, perhaps harder ones than the rest: of each, the ratio to the one
 * with the least error of those known on most folds, on the folds that both know.
 */
function ranked(
  results: readonly Omit<MethodResult, "price">[],
  byName: ReadonlyMap<string, readonly Measured[]>,
): MethodResult[] {
  const most = Math.max(...results.map(({ folds }) => folds));
  const reference = results
    .filter(({ folds }) => folds === most)
    .reduce((a, b) => (b.error < a.error ? b : a), results[0]!);
  const ratios = results.map(({ method }) => {
    const [own, other] = shared(byName.get(method)!, byName.get(reference.method)!);
    return ratioOf(sumOf(own), sumOf(other));
  });
  const least = Math.min(...ratios);
  return results
    .map((result, i) => ({ ...result, price: ratios[i]! / least - 1 }))
    .sort((a, b) => a.price - b.price || a.error - b.error);
}

/** No error at all, as of rows that are all classed right, is not infinitely less than some. */
function ratioOf(error: number, other: number): number {
  if (error === other) return 1;
  if (error === 0) return leastShare;
  return other === 0 ? 1 / leastShare : error / other;
}

/**
 * How far logarithms of errors differ from cluster to cluster, as a variance: one lies beside what is known, the next far from it. The median of boosted trees, forests,
 * ridge and Gaussian processes on nine sets.
 */
const apartInClusters = 0.17;

function resultOf(
  method: string,
  measured: readonly Measured[],
  dummy: readonly Measured[] | undefined,
  { error, split }: Pick<Setting, "error" | "split">,
): Omit<MethodResult, "price"> {
  const errors = measured.map(({ error }) => error);
  const ratio = measured.reduce((sum, each) => sum + each.ratio, 0) / measured.length;
  const rows = measured.reduce((sum, each) => sum + each.rows.length, 0) / measured.length;
  const { mean, standardError } = estimateOf(errors, ratio);
  const [own, guessed] = dummy === undefined ? [[], []] : shared(measured, dummy);
  return {
    method,
    error: mean,
    standardError,
    // Where no row is wrong, half of one may be.
    range: expectedRange(errors, {
      ratio,
      rows,
      level: 0.9,
      least: error === "wrong" ? 1 / (2 * rows) : 0,
      ...(split.kind === "clusters" && { apart: apartInClusters }),
    }),
    skill: 1 - sumOf(own) / sumOf(guessed),
    seconds: measured.reduce((sum, each) => sum + each.seconds, 0) / measured.length,
    folds: errors.length,
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Errors on the folds that both were measured on. */
function shared(a: readonly Measured[], b: readonly Measured[]): readonly [number[], number[], number] {
  const name = ({ repeat, fold }: Measured) => `${repeat} ${fold}`;
  const others = new Map(b.map((each) => [name(each), each]));
  const both = a.filter((each) => others.has(name(each)));
  const ratio = both.reduce((sum, each) => sum + each.ratio, 0) / both.length;
  return [both.map(({ error }) => error), both.map((each) => others.get(name(each))!.error), ratio];
}

/** Differences of errors on the folds that both were measured on. */
export function differenceOf(a: readonly Measured[], b: readonly Measured[]): Estimate {
  const [first, second, ratio] = shared(a, b);
  return estimateOf(
    first.map((error, i) => error - second[i]!),
    ratio,
  );
}

/** Logarithms of one's errors over the other's, on the folds that both were measured on: a fold that is hard for both weighs as much as any. */
export function logRatioOf(a: readonly Measured[], b: readonly Measured[]): Estimate {
  const [first, second, ratio] = shared(a, b);
  return estimateOf(
    first.map((error, i) => logOver(error, second[i]!)),
    ratio,
  );
}

/** Errors below this share of the other one count as it: no error at all, as of a few rows that are all classed right, is not infinitely less. */
const leastShare = 0.01;

function logOver(error: number, other: number): number {
  if (error === other) return 0;
  return Math.log(Math.max(error, leastShare * other) / Math.max(other, leastShare * error));
}

function pairOf(a: readonly Measured[], b: readonly Measured[], margin: number): Pair {
  const estimate = differenceOf(a, b);
  const [first, second] = shared(a, b);
  const least = Math.min(...[first, second].map((errors) => sumOf(errors) / errors.length));
  const half =
    estimate.degrees === 0
      ? Number.POSITIVE_INFINITY
      : studentQuantile(0.95, estimate.degrees) * estimate.standardError;
  return {
    difference: estimate.mean,
    interval: [estimate.mean - half, estimate.mean + half],
    ...oddsOf(estimate, margin * least),
  };
}

function predictionsOf(measured: readonly Measured[], target: Target): Float64Array {
  const outputs = target.type === "class" ? target.classes.length : 1;
  const all = new Float64Array(target.values.length * outputs).fill(Number.NaN);
  for (const { repeat, rows, predicted } of measured) {
    if (repeat > 0) continue;
    for (const [i, row] of rows.entries()) all.set(predicted.subarray(i * outputs, (i + 1) * outputs), row * outputs);
  }
  return all;
}

function cellsOf(methods: readonly MethodResult[], error: ErrorName, unit: string | undefined): string[][] {
  const { text } = errorKinds[error];
  const heads = ["method", unit === undefined ? text : `${text} (${unit})`, "+-", "skill", "price", "s a fold"];
  const rows = methods.map((each) => [
    each.method,
    digitsText(each.error, 4),
    Number.isFinite(each.standardError) ? digitsText(each.standardError, 2) : "",
    Number.isNaN(each.skill) ? "" : each.skill.toFixed(2),
    each.price === 0 ? "" : priceText(each.price),
    each.seconds.toFixed(2),
  ]);
  return [heads, ...rows];
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}
