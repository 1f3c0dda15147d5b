// The learning curve: what more rows would bring, from what fewer of them brought.
import { type Method, randomFrom, type Samples, takeSamples } from "@hooke/baselines";
import { studentQuantile } from "@hooke/minimize";
import { foldHost } from "@hooke/runtime";
import { type Left, type Measurement, timely } from "../comparison/measurement.ts";
import { errorKinds } from "../comparison/metrics.ts";
import { estimateOf, weighed } from "../comparison/statistics.ts";

/** Errors by rows learned from, and what they promise. */
export interface LearningCurve {
  readonly points: readonly { readonly rows: number; readonly error: number }[];
  /** Of the power law `error ~ rows^exponent`; below 0 where rows help. */
  readonly exponent: number;
  /** With twice the rows, where 90 % of it is. */
  readonly atTwice: { readonly error: number; readonly band: readonly [number, number] };
  /** More rows that a tenth less error takes, and where 90 % of that is; `Infinity` where rows do not help. */
  readonly rowsForTenthLess: { readonly rows: number; readonly band: readonly [number, number] };
}

/** The exponent that is usual of learning curves of tables, and how far others are off: -0.09 to -0.67 on nine public sets. */
const usual = { mean: -0.35, deviation: 0.25 } as const;

/**
 * Measures a method, known on all folds of the first repeat, on half of their rows too. The last doubling says what the next will bring: curves of
 * trees flatten and those of smooth functions steepen, so that fewer rows tell of another slope. On few rows folds disagree about it, and what is
 * usual counts beside them. Undefined where a fold fails, or time ends.
 */
export async function learningCurve(
  measurement: Measurement,
  name: string,
  method: Method,
  left: Left = () => Number.POSITIVE_INFINITY,
): Promise<LearningCurve | undefined> {
  const { samples, key } = measurement.setting;
  const whole = measurement.of(name).filter(({ repeat }) => repeat === 0);
  if (whole.length < 2) return undefined;
  const halves: { readonly rows: number; readonly error: number; readonly slope: number }[] = [];
  for (const { fold, error } of whole) {
    const { train, test } = measurement.foldsOf(0)[fold]!;
    const part = randomFrom(foldHost(key, fold), "learning curve", name).choose(train.length, train.length >> 1);
    const few = Int32Array.from(part.sort(), (i) => train[i]!);
    const before = await errorWith(measurement, method, samples, few, test, fold, left);
    if (before === undefined) return undefined;
    halves.push({ rows: few.length, error: before, slope: Math.log2(error / before) });
  }
  const learned = mean(whole.map(({ fold }) => measurement.foldsOf(0)[fold]!.train.length));
  const points = [
    { rows: Math.round(mean(halves.map(({ rows }) => rows))), error: mean(halves.map((half) => half.error)) },
    { rows: Math.round(learned), error: mean(whole.map(({ error }) => error)) },
  ];
  // A slope for each fold: how they scatter says how sure their mean is.
  const ratio = mean(whole.map((each) => each.ratio));
  const measured = estimateOf(
    halves.map(({ slope }) => slope),
    ratio,
  );
  const { mean: exponent, standardError } = weighed(measured, usual);
  const half = studentQuantile(0.9, measured.degrees) * standardError;
  return { points, exponent, ...promised(points.at(-1)!.error, samples.rowCount, exponent, half) };
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

function promised(
  error: number,
  rowCount: number,
  exponent: number,
  half: number,
): Pick<LearningCurve, "atTwice" | "rowsForTenthLess"> {
  const twice = (slope: number): number => error * 2 ** slope;
  const rows = (slope: number): number =>
    slope < 0 ? Math.ceil(rowCount * (0.9 ** (1 / slope) - 1)) : Number.POSITIVE_INFINITY;
  return {
    atTwice: { error: twice(exponent), band: [twice(exponent - half), twice(exponent + half)] },
    rowsForTenthLess: { rows: rows(exponent), band: [rows(exponent - half), rows(exponent + half)] },
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
    const { columns, target } = takeSamples(samples, test);
    return errorKinds[error].compute(target, method.predict(state, { columns, rowCount: test.length }));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
