// How methods get better with more labelled images, as curves and as a table.
import { type Check, checkOptions, checks, fail } from "@hooke/runtime";
import type { CurvesFigure, TableFigure } from "./figures.ts";

/** Options of {@link learningCurves} and {@link scoreTable}. */
export interface LearningCurvesOptions {
  readonly title: string;
  /** What the scores are and of which images: the figure's caption. */
  readonly caption: string;
  /** Numbers of labelled images, ascending. */
  readonly labels: readonly number[];
  /** What a score is called, such as `"R2"`. */
  readonly score: string;
  /** By method: for each number of labels the scores of some draws of the labelled images. */
  readonly scores: Readonly<Record<string, readonly (readonly number[])[]>>;
}

const text: Check = (value) => (typeof value === "string" ? undefined : "a text");
const labels: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each, i) => each > (i === 0 ? 0 : value[i - 1]))
    ? undefined
    : "numbers of labelled images, ascending, such as [25, 50, 100]";
const scores: Check = (value) =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
    ? undefined
    : "scores by method, such as { probe: [[0.81, 0.79], [0.93, 0.95]] }";

function check(who: string, options: LearningCurvesOptions): void {
  checkOptions<LearningCurvesOptions>(who, options, {
    required: { title: text, caption: text, labels, score: text, scores },
  });
  const rowCheck: Check = (rows) =>
    Array.isArray(rows) &&
    rows.length === options.labels.length &&
    rows.every(
      (row) => Array.isArray(row) && row.length > 0 && row.every((score) => checks.finite(score) === undefined),
    )
      ? undefined
      : `for each of the ${options.labels.length} numbers of labels a list of finite scores`;
  for (const [method, rows] of Object.entries(options.scores)) {
    const expected = rowCheck(rows);
    if (expected !== undefined) fail(who, `received scores of "${method}" that are not ${expected}.`, "mismatch");
  }
}

/**
 * Mean scores by number of labels, a curve for each method, for the `figures` of `@hooke/report`. Four curves can be told apart.
 *
 * @throws where a method has no finite scores for each number of labels
 * @example
 * ```ts
 * import { learningCurves } from "@hooke/transfer";
 *
 * const figure = learningCurves({
 *   title: "Learning curves",
 *   caption: "R2 on 100 micrographs held out, the mean over two draws of the labels.",
 *   labels: [25, 50],
 *   score: "R2",
 *   scores: { probe: [[0.8, 0.82], [0.9, 0.92]] },
 * });
 * console.log(figure.series[0]!.label, figure.series[0]!.values.length); // probe 2
 * ```
 */
export function learningCurves(options: LearningCurvesOptions): CurvesFigure {
  check("learningCurves", options);
  const { title, caption, labels: x, score: yLabel, scores: all } = options;
  const series = Object.entries(all).map(([label, rows]) => ({ label, values: rows.map((row) => estimate(row).mean) }));
  return { kind: "curves", title, caption, xLabel: "labels", yLabel, x, series };
}

/**
 * Scores as a table, a row for each method, a column for each number of labels: the mean, and the standard deviation over draws where there are several.
 *
 * @throws as {@link learningCurves}
 */
export function scoreTable(options: LearningCurvesOptions): TableFigure {
  check("scoreTable", options);
  const { title, caption, labels: counts, score, scores: all } = options;
  const columns = [{ label: "method" }, ...counts.map((count) => ({ label: `${score}, ${count} labels` }))];
  return {
    kind: "table",
    title,
    caption,
    columns,
    rows: Object.entries(all).map(([name, rows]) => [name, ...rows.map(words)]),
  };
}

function estimate(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function words(values: readonly number[]): string {
  const { mean, deviation } = estimate(values);
  return values.length > 1 ? `${mean.toFixed(3)} ± ${deviation.toFixed(3)}` : mean.toFixed(3);
}
