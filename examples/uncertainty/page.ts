// What is found, as lines of a table and as a report.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Report } from "@hooke/report";
import { reliabilityFigure } from "@hooke/uncertainty";
import type { Result, Settings } from "./methods.ts";
import { type SetName, sets } from "./sets.ts";
import type { Found } from "./study.ts";

/** `4.82 ± 0.16`: the mean and its standard error. */
export function withError(values: readonly number[]): string {
  const mean = meanOf(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return words(mean, Math.sqrt(variance / values.length));
}

const words = (mean: number, error: number): string => `${mean.toFixed(2)} ± ${error.toFixed(2)}`;

const heads = ["method", "RMSE", "negative log-likelihood", "within 90 % bounds", "calibration error"];

/** Of a set: what is published, then what is found. */
export function tableRows(set: SetName, found: readonly Found[]): string[][] {
  const published = sets[set].published.map(({ method, rmse, nll }) => [method, words(...rmse), words(...nll), "", ""]);
  const own = found
    .filter((each) => each.set === set)
    .map(({ method, results }) => {
      const of = (score: keyof Result["scores"]) => results.map(({ scores }) => scores[score]);
      const share = `${(100 * meanOf(of("coverage"))).toFixed(0)} %`;
      return [
        method,
        withError(of("rmse")),
        withError(of("negativeLogLikelihood")),
        share,
        meanOf(of("calibrationError")).toFixed(3),
      ];
    });
  return [...published, ...own];
}

/** The same as lines of text. */
export function tableLines(set: SetName, found: readonly Found[]): string[] {
  const rows = [heads, ...tableRows(set, found)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

export function uncertaintyReport(found: readonly Found[], { splits }: Settings): Report {
  const names = [...new Set(found.map(({ set }) => set))];
  return {
    title: "How sure networks are",
    figures: names.flatMap((set) => [
      {
        kind: "table" as const,
        title: `${set[0]!.toUpperCase()}${set.slice(1)}`,
        caption: `Mean over ${splits} of the 20 standard splits, and its standard error. Published deep ensembles: standard deviations.`,
        columns: heads.map((label) => ({ label })),
        rows: tableRows(set, found),
      },
      reliabilityFigure({
        title: `Reliability, ${set}`,
        caption:
          "Share of test rows within the bounds of each level, mean over the splits. Below the line a method is too sure.",
        curves: Object.fromEntries(
          found
            .filter((each) => each.set === set && !each.method.endsWith("Laplace"))
            .map(({ method, results }) => [method, meanCurve(results)]),
        ),
      }),
    ]),
  };
}

function meanCurve(results: readonly Result[]) {
  const { levels } = results[0]!.curve;
  return { levels, shares: levels.map((_, i) => meanOf(results.map(({ curve }) => curve.shares[i]!))) };
}
