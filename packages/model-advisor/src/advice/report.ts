// Advice as a report: for `renderReport` of @hooke/report.
import type { Samples } from "@hooke/baselines";
import type { Figure, Report } from "@hooke/report";
import { errorKinds } from "../comparison/metrics.ts";
import type { Explanation } from "../explaining/explanation.ts";
import { type AdviceFacts, sentencesOf } from "./sentences.ts";

export function reportOf(facts: AdviceFacts, samples: Samples, explanation?: Explanation): Report {
  const { target, unit, comparison, warnings, assumptions, untried, record, recommended, elsewhere, moreData } = facts;
  const error = errorKinds[comparison.error].text;
  const quantity = unit === undefined ? error : `${error} (${unit})`;
  const [verdict, ...others] = sentencesOf(facts);
  const errors: Figure = {
    kind: "bars",
    title: "Errors of the candidates",
    caption: `${quantity}, ${recommended?.split ?? "held back"}; the lines are corrected standard errors. Shorter is better.`,
    quantity,
    bars: comparison.methods.map(({ method, error: value, standardError }) => ({
      label: method,
      value,
      ...(Number.isFinite(standardError) && { error: standardError }),
    })),
  };
  const figures: Figure[] = [errors];
  if (moreData !== undefined) {
    figures.push({
      kind: "curves",
      title: "What more rows bring",
      caption: `${quantity} of ${recommended!.method} by rows learned from${record.split.kind === "grouped" ? ", of whole groups" : ""}; the last point is what twice the rows promise${record.split.kind === "grouped" ? ", the second half of new groups" : ""}.`,
      xLabel: "rows",
      yLabel: quantity,
      x: [...moreData.points.map((point) => point.rows), 2 * moreData.points.at(-1)!.rows],
      series: [
        {
          label: recommended!.method,
          values: [...moreData.points.map((point) => point.error), moreData.atTwice.error],
        },
      ],
    });
  }
  if (explanation !== undefined) figures.push(...explanation.figures());
  const predicted = recommended && comparison.predictions(recommended.method);
  const rows =
    predicted === undefined ? [] : Array.from(predicted.keys()).filter((row) => !Number.isNaN(predicted[row]!));
  const isNumber = samples.target.type === "number";
  return {
    title: `Which method fits ${target}`,
    summary: [
      { label: "Advice", value: verdict! },
      { label: "Rows", value: record.rows },
      { label: "Inputs", value: record.inputs.length },
    ],
    warnings: warnings.map(({ text }) => text),
    figures,
    ...(isNumber &&
      predicted && {
        parity: [
          {
            label: "held back",
            actual: rows.map((row) => samples.target.values[row]!),
            predicted: rows.map((row) => predicted[row]!),
          },
        ],
        quantity: unit === undefined ? target : `${target} (${unit})`,
      }),
    details: [
      { title: "What it says", rows: others.map((text, i) => ({ label: `${i + 1}`, value: text })) },
      ...section(
        "Why",
        (explanation?.sentences() ?? []).map((text, i) => ({ label: `${i + 1}`, value: text })),
      ),
      ...section(
        "Elsewhere",
        elsewhere.map((each) => ({ label: `${each.method}, ${each.split}`, value: each.error })),
      ),
      ...section(
        "Taken for granted",
        assumptions.map(({ what, because }) => ({ label: what, value: because })),
      ),
      ...section(
        "Not tried",
        untried.map(({ method, because }) => ({ label: method, value: because })),
      ),
      {
        title: "Record",
        rows: [
          { label: "seed", value: record.seed },
          { label: "version", value: record.version },
          { label: "inputs", value: record.inputs.join(", ") },
        ],
      },
    ],
  };
}

const section = (title: string, rows: readonly { readonly label: string; readonly value: string | number }[]) =>
  rows.length === 0 ? [] : [{ title, rows }];
