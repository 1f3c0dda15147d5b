// The learning curve: what more rows would bring, from what fewer of them brought.
import { type Method, type Random, randomFrom, type Samples, takeSamples } from "@hooke/baselines";
import { studentQuantile } from "@hooke/minimize";
import { foldHost } from "@hooke/runtime";
import { dummyName } from "../comparison/comparison.ts";
import { type Left, type Measured, type Measurement, timely } from "../comparison/measurement.ts";
import { errorKinds } from "../comparison/metrics.ts";
import { type Estimate, estimateOf, weighed } from "../comparison/statistics.ts";
import { noiseFloor } from "../reading/columns.ts";

/** Errors by rows learned from, and what they promise. */
export interface LearningCurve {
  readonly points: readonly { readonly rows: number; readonly error: number }[];
  /** Of the power law `error ~ rows^exponent`; below 0 where rows help. */
  readonly exponent: number;
  /** With twice the rows, where 90 % of it is; where groups are held back whole, with twice the groups. */
  readonly atTwice: { readonly error: number; readonly band: readonly [number, number] };
  /** More rows, of new groups where groups are held back whole, that a tenth less error takes, and where 90 % of that is; `Infinity` where rows bring no tenth. */
  readonly rowsForTenthLess: { readonly rows: number; readonly band: readonly [number, number] };
}

/**
 * The exponent that is usual of learning curves, and how far others are off, where nothing says how much a table's inputs tell: -0.09 to -0.67 on
 * nine public sets.
 */
const usual = { mean: -0.35, deviation: 0.25 } as const;

/** Rows that a curve begins with, at the error of guessing; and how often these rows must be there before that says anything of what follows. */
const [firstRows, leastTimes] = [3, 4] as const;

/** How far slopes of the next doubling are off those since the beginning: steep ones by more. On seven public sets, by two methods. */
const deviationOf = (exponent: number): number => Math.hypot(0.1, 0.2 * exponent);

/** Halves of a fold's rows that are learned from: as many rows as there are. */
const parts = 2;

/** How much a method's error falls with each doubling of the rows. */
interface Slope {
  /** Errors with all rows of a fold over those with half of them. */
  readonly ratio: number;
  readonly exponent: number;
  readonly standardError: number;
  readonly degrees: number;
}

/**
 * Measures a method, known on all folds of the first repeat, on halves of their rows too. Three things say what the next doubling brings: the last one; how far the
 * error has come down from guessing since there were a few rows, as curves fall about evenly in logarithms; and the folds, by how much they disagree. Where a split
 * holds whole groups back, half of the rows are half of the groups. Rows whose inputs repeat say how low no method gets. Undefined where a fold fails, time ends before
 * one half of each fold was measured, or nothing is left to be learned.
 */
export async function learningCurve(
  measurement: Measurement,
  name: string,
  method: Method,
  left: Left = () => Number.POSITIVE_INFINITY,
): Promise<LearningCurve | undefined> {
  const { samples, error: kind } = measurement.setting;
  const all = measurement.of(name);
  const whole = all.filter(({ repeat }) => repeat === 0);
  if (whole.length < 2) return undefined;
  const halves = await halvesOf(measurement, name, method, whole, left);
  const error = mean(all.map((each) => each.error));
  if (halves === undefined || !(error > 0)) return undefined;
  const rows = mean(whole.map(({ fold }) => measurement.foldsOf(0)[fold]!.train.length));
  const slope = slopeOf(
    whole,
    halves.map((half) => half.error),
  );
  if (slope === undefined) return undefined;
  const expected = weighed({ mean: slope.exponent, ...slope }, usualOf(measurement, error, rows));
  // The error itself is uncertain, too.
  const level = relativeOf(all);
  const t = studentQuantile(0.9, slope.degrees);
  const floor = kind === "rmse" ? (noiseFloor(samples)?.rmse ?? 0) : 0;
  return {
    points: [
      // On the first folds, as many times the error there; the error is that of all folds.
      { rows: Math.round(mean(halves.map((half) => half.rows))), error: error / slope.ratio },
      { rows: Math.round(rows), error },
    ],
    exponent: expected.mean,
    ...promised({
      error,
      // A few rows that repeat may scatter by more than all others do.
      floor: floor < error ? floor : 0,
      rowCount: samples.rowCount,
      exponent: expected.mean,
      ofSlope: t * expected.standardError,
      ofAll: t * Math.hypot(expected.standardError, level.standardError),
    }),
  };
}

/** What is usual of a method that has come so far: down from guessing, since the first few rows. */
function usualOf(
  measurement: Measurement,
  error: number,
  rows: number,
): { readonly mean: number; readonly deviation: number } {
  const guesses = measurement.of(dummyName);
  if (guesses.length === 0) return usual;
  const guessed = mean(guesses.map((each) => each.error));
  const exponent = Math.min(0, Math.log(error / guessed) / Math.log(Math.max(leastTimes, rows / firstRows)));
  return { mean: exponent, deviation: deviationOf(exponent) };
}

/** Of errors by fold, over their mean, in doublings. */
const relativeOf = (measured: readonly Measured[]): Estimate => {
  const error = mean(measured.map((each) => each.error));
  return estimateOf(
    measured.map((each) => each.error / error / Math.LN2),
    mean(measured.map(({ ratio }) => ratio)),
  );
};

/** By the ratio of mean errors, as those of single folds may be 0; how folds disagree about it, to first order. */
function slopeOf(whole: readonly Measured[], before: readonly number[]): Slope | undefined {
  const [now, then] = [mean(whole.map(({ error }) => error)), mean(before)];
  if (!(now > 0 && then > 0)) return undefined;
  const exponent = Math.log2(now / then);
  const { standardError, degrees } = estimateOf(
    whole.map(({ error }, i) => (error / now - before[i]! / then) / Math.LN2),
    mean(whole.map(({ ratio }) => ratio)),
  );
  return { ratio: now / then, exponent, standardError, degrees };
}

/** Errors of the folds with halves of their rows, the mean over as many halves as time suffices for. */
async function halvesOf(
  measurement: Measurement,
  name: string,
  method: Method,
  whole: readonly Measured[],
  left: Left,
): Promise<readonly { readonly rows: number; readonly error: number }[] | undefined> {
  const { key } = measurement.setting;
  const found: { rows: number; error: number }[][] = whole.map(() => []);
  for (let part = 0; part < parts; part++) {
    const round: { rows: number; error: number }[] = [];
    for (const { fold } of whole) {
      const { train, test } = measurement.foldsOf(0)[fold]!;
      const rows = partOf(measurement, train, randomFrom(foldHost(key, fold), "learning curve", name), part);
      if (rows.length === 0) return undefined;
      const error = await errorWith(measurement, method, measurement.samplesOf(name), rows, test, fold, left);
      if (error === undefined) break;
      round.push({ rows: rows.length, error });
    }
    if (round.length < whole.length) break;
    for (const [i, half] of round.entries()) found[i]!.push(half);
  }
  if (found[0]!.length === 0) return undefined;
  return found.map((of) => ({ rows: mean(of.map(({ rows }) => rows)), error: mean(of.map(({ error }) => error)) }));
}

/** The first or the second half of some rows in a random order; where groups are held back whole, of the groups. */
function partOf(
  { setting: { samples, split } }: Measurement,
  train: Int32Array,
  random: Random,
  part: number,
): Int32Array {
  const names = split.kind === "grouped" && samples.groups;
  const units = names ? [...Map.groupBy(train, (row) => names[row]!).values()] : Array.from(train, (row) => [row]);
  const order = random.choose(units.length, units.length);
  const half = units.length >> 1;
  const chosen = part === 0 ? order.slice(0, half) : order.slice(half, 2 * half);
  return Int32Array.from(Array.from(chosen, (unit) => units[unit]!).flat()).sort();
}

/**
 * Where the error of a model that learns from all rows is expected: folds keep some back, so that by their errors alone its own may be lower than
 * the range says. The upper end stays, as a gain that is only promised is no bound.
 */
export function withAllRows(
  [lower, upper]: readonly [number, number],
  { points, exponent }: LearningCurve,
  rowCount: number,
): readonly [number, number] {
  return [lower * (rowCount / points.at(-1)!.rows) ** Math.min(0, exponent), upper];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a curve is made of; half widths of what is 90 % sure, in doublings, of the slope and of the error at twice the rows. */
interface Promised {
  readonly error: number;
  readonly floor: number;
  readonly rowCount: number;
  readonly exponent: number;
  readonly ofSlope: number;
  readonly ofAll: number;
}

function promised({
  error,
  floor,
  rowCount,
  exponent,
  ofSlope,
  ofAll,
}: Promised): Pick<LearningCurve, "atTwice" | "rowsForTenthLess"> {
  const twice = (slope: number): number => Math.max(floor, error * 2 ** slope);
  const rows = (slope: number): number =>
    slope < 0 && 0.9 * error >= floor ? Math.ceil(rowCount * (0.9 ** (1 / slope) - 1)) : Number.POSITIVE_INFINITY;
  return {
    atTwice: { error: twice(exponent), band: [twice(exponent - ofAll), twice(exponent + ofAll)] },
    rowsForTenthLess: { rows: rows(exponent), band: [rows(exponent - ofSlope), rows(exponent + ofSlope)] },
  };
}

async function errorWith(
  measurement: Measurement,
  method: Method,
  samples: Samples,
  train: Int32Array,
  test: Int32Array,
  fold: number,
  left: Left,
): Promise<number | undefined> {
  const { key, backend, error, signal } = measurement.setting;
  const pause = timely(measurement.setting.pause, left);
  try {
    const context = { key: foldHost(key, fold), ...(backend && { backend }), pause, warn: () => undefined };
    const state = await method.learn(takeSamples(samples, train), context);
    const { columns, texts, target } = takeSamples(samples, test);
    const rows = { columns, ...(texts && { texts }), rowCount: test.length };
    return errorKinds[error].compute(target, method.predict(state, rows));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
