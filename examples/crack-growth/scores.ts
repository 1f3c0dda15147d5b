// How good forecasts are: in mm, by fold, by step ahead, and specimen by specimen against another method.
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { Comparison, Result } from "./compare.ts";
import { forecastSteps, futurePart } from "./specimens.ts";
import { sumOfSquares, variance } from "./statistics.ts";

/** In mm where not said otherwise. */
export interface Score {
  readonly method: string;
  /** Over all specimens and steps. */
  readonly rmse: number;
  readonly mae: number;
  /** Of the folds' RMSE. */
  readonly foldMean: number;
  readonly foldDeviation: number;
  /** RMSE by step ahead. */
  readonly byStep: readonly number[];
  /** RMSE of each specimen. */
  readonly bySpecimen: readonly number[];
}

const rootMeanSquare = (errors: readonly number[]): number => Math.sqrt(sumOfSquares(errors) / errors.length);

export function scoreOf({ specimens, folds }: Comparison, { method, forecasts }: Result): Score {
  const errors = specimens.map((specimen, i) =>
    futurePart(specimen).map((length, step) => forecasts[i]![step]! - length),
  );
  const byFold = folds.map((fold) => rootMeanSquare(fold.flatMap((index) => errors[index]!)));
  return {
    method,
    rmse: rootMeanSquare(errors.flat()),
    mae: meanOf(errors.flat().map(Math.abs)),
    foldMean: meanOf(byFold),
    foldDeviation: Math.sqrt(variance(byFold)),
    byStep: Array.from({ length: forecastSteps }, (_, step) => rootMeanSquare(errors.map((of) => of[step]!))),
    bySpecimen: errors.map(rootMeanSquare),
  };
}

/** On how many specimens the first has the smaller RMSE. */
export const betterOn = (a: Score, b: Score): number =>
  a.bySpecimen.filter((error, i) => error < b.bySpecimen[i]!).length;

/** A line for each method, under a heading. */
export function scoreTable(scores: readonly Score[], toBeat: string): string[] {
  const reference = scores.find(({ method }) => method === toBeat)!;
  const count = reference.bySpecimen.length;
  const width = Math.max(...scores.map(({ method }) => method.length));
  const steps = reference.byStep.map((_, step) => `+${20 * (step + 1)}k`.padStart(7)).join("");
  return [
    `${"errors in mm".padEnd(width)}   RMSE    MAE  by fold        ${steps}   beats "${toBeat}"`,
    ...scores.map((score) => {
      const { method, rmse, mae, foldMean, foldDeviation, byStep } = score;
      const total = `${rmse.toFixed(3).padStart(7)}${mae.toFixed(3).padStart(7)}`;
      const folds = `${foldMean.toFixed(3)} ± ${foldDeviation.toFixed(3)}`;
      const ahead = byStep.map((error) => error.toFixed(3).padStart(7)).join("");
      const wins = score === reference ? "" : `   on ${betterOn(score, reference)} of ${count} specimens`;
      return `${method.padEnd(width)}${total}  ${folds}  ${ahead}${wins}`;
    }),
  ];
}
