// What is told of the study: a table, and predictions beside measured values.
import { deviationOf, meanOf, meanWithDeviation } from "@hooke/example-study-frame/statistics.ts";
import type { Report } from "@hooke/report";
import type { Found } from "./study.ts";

/** Errors by method, mean and standard deviation over the folds. */
export const errorRows = (found: readonly Found[]): string[] =>
  found.map(({ method, errors }) => `${method.padEnd(30)} RMSE ${meanWithDeviation(errors)}`);

/** The method with the smallest mean error. */
const best = (found: readonly Found[]): Found => found.reduce((a, b) => (meanOf(b.errors) < meanOf(a.errors) ? b : a));

export function moleculesReport(found: readonly Found[], actual: readonly number[]): Report {
  const { method, predicted, errors } = best(found);
  return {
    title: "Solubility of molecules",
    summary: [
      { label: "Molecules", value: String(actual.length) },
      { label: `RMSE of the best, ${method}`, value: meanWithDeviation(errors) },
    ],
    parity: [{ label: method, actual, predicted }],
    quantity: "solubility, log(mol/L); each molecule by the fold that has not seen it",
    figures: [
      {
        kind: "bars",
        title: "Errors",
        caption:
          "Root of the mean squared error, mean over the folds; bars of error are standard deviations over them.",
        quantity: "RMSE, log(mol/L)",
        bars: found.map((one) => ({ label: one.method, value: meanOf(one.errors), error: deviationOf(one.errors) })),
      },
    ],
  };
}
