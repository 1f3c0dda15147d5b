// What the three lists came to, as lines and as a report.
import { evaluate, type TrainedModel } from "@hooke/core";
import { metrics } from "@hooke/data";
import type { FoldScores } from "@hooke/regularization";
import type { Report } from "@hooke/report";
import type { FinishedTrial } from "@hooke/sweep";
import { mixtureOf, predictMembers } from "@hooke/uncertainty";
import { backend, type Choice, settings, test } from "./concrete.ts";
import { join as joinFolds } from "./folds.ts";
import { join as joinMembers } from "./members.ts";

export type Searched = FinishedTrial<Choice, { readonly rmse: number }>;
export type Fold = FinishedTrial<{ readonly fold: number }, FoldScores>;

export interface Found {
  /** The best of the search, by validation, among those with the largest budget. */
  readonly best: Searched;
  /** How many trials of the search ended with each budget. */
  readonly ended: readonly number[];
  /** Of the cross-validation, MPa. */
  readonly rmse: { readonly mean: number; readonly standardDeviation: number };
  /** On the test rows, MPa: of each member, and of the ensemble's mean. */
  readonly members: readonly number[];
  readonly ensemble: number;
}

/** @param files of the members' models */
export async function foundBy(
  searched: readonly Searched[],
  folds: readonly Fold[],
  files: readonly Uint8Array[],
): Promise<Found> {
  const models = joinMembers(files);
  const draws = await predictMembers(models, test, { backend });
  const { mean } = mixtureOf(draws);
  return {
    best: searched
      .filter(({ budget }) => budget === settings.budgets.at(-1))
      .sort((a, b) => a.result.rmse - b.result.rmse)[0]!,
    ended: settings.budgets.map((most) => searched.filter(({ budget }) => budget === most).length),
    rmse: joinFolds(folds.map(({ result }) => result)).rmse!,
    members: await Promise.all(models.map(testError)),
    ensemble: metrics.rmse.compute(mean, test.targets),
  };
}

async function testError(model: TrainedModel): Promise<number> {
  return (await evaluate(model, test, { backend, metrics: [metrics.rmse] })).metrics.rmse!;
}

export function linesOf({ best, ended, rmse, members, ensemble }: Found): string[] {
  const { units, learningRate, weightDecay } = best.parameters;
  const budgets = ended.map((count, i) => `${count} after ${settings.budgets[i]}`).join(", ");
  return [
    `search: of ${settings.trials} trials ended ${budgets} epochs; the best: ${units} units, learning rate ${learningRate.toPrecision(2)}, weight decay ${weightDecay.toPrecision(2)}, validation RMSE ${best.result.rmse.toFixed(2)} MPa`,
    `cross-validation: RMSE ${rmse.mean.toFixed(2)} ± ${rmse.standardDeviation.toFixed(2)} MPa over ${settings.folds} folds`,
    `ensemble: test RMSE ${ensemble.toFixed(2)} MPa, of its members ${members.map((value) => value.toFixed(2)).join(", ")}`,
  ];
}

export function pageOf(found: Found, searched: readonly Searched[]): Report {
  const best = searched.toSorted((a, b) => b.budget! - a.budget! || a.result.rmse - b.result.rmse);
  return {
    title: "Many trainings",
    summary: [
      { label: "Cross-validated RMSE (MPa)", value: found.rmse.mean },
      { label: "Test RMSE of the ensemble (MPa)", value: found.ensemble },
    ],
    figures: [
      {
        kind: "table",
        title: "Search",
        caption: "Trials by the epochs that they were given and their error on the validation rows.",
        columns: ["units", "learning rate", "weight decay", "epochs", "RMSE"].map((label) => ({
          label,
          ...(label === "RMSE" && { unit: "MPa" }),
        })),
        rows: best.map(({ parameters, budget, result }) => [
          parameters.units,
          parameters.learningRate,
          parameters.weightDecay,
          budget!,
          result.rmse,
        ]),
      },
    ],
  };
}
