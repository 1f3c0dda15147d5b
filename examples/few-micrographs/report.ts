// What is told: the learning curves, what is recommended, and the micrographs that are predicted worst.
import { meanWithDeviation } from "@hooke/example-study-frame/statistics.ts";
import type { Report } from "@hooke/report";
import { largestErrors, learningCurves, scoreTable } from "@hooke/transfer";
import type { Results, Settings } from "./study.ts";

/** What is printed. */
export function rows({ labels, test, seeds }: Settings, { scores, recommended }: Results): string[] {
  const width = Math.max(...Object.keys(scores).map(({ length }) => length));
  return [
    `R2 of the modulus on ${test} micrographs held out, mean and standard deviation over ${seeds} draws of the labels:\n`,
    `${"labels".padEnd(width)}${labels.map((count) => String(count).padStart(16)).join("")}`,
    ...Object.entries(scores).map(
      ([method, byLabels]) =>
        `${method.padEnd(width)}${byLabels.map((row) => meanWithDeviation(row).padStart(16)).join("")}`,
    ),
    "",
    ...recommended.map(({ reason }, i) => `${labels[i]} labels: ${reason}`),
  ];
}

export function studyReport(settings: Settings, results: Results): Report {
  const { labels, seeds } = settings;
  const { scores, ridges, trained, recommended, heldOut } = results;
  const over = `${seeds} draws of the labels`;
  // Four curves can be told apart.
  const curves = (title: string, names: readonly string[]) =>
    learningCurves({
      title,
      caption: `R2 on micrographs held out, the mean over ${over}.`,
      labels,
      score: "R2",
      scores: Object.fromEntries(names.map((name) => [name, scores[name]!])),
    });
  return {
    title: "The modulus from few micrographs",
    summary: recommended.map(({ name }, i) => ({ label: `Recommended at ${labels[i]} labels`, value: name })),
    figures: [
      scoreTable({
        title: "R2 by method and number of labels",
        caption: `On ${settings.test} micrographs held out: mean and standard deviation over ${over}.`,
        labels,
        score: "R2",
        scores,
      }),
      curves("Learning curves of ridge regressions", ridges),
      ...(trained.length > 0 ? [curves("Learning curves of training", [ridges[1]!, ...trained])] : []),
      ...largestErrors({
        ...heldOut,
        unit: "soft moduli",
        caption:
          "One of the largest errors of the ridge regression on the network's features. The stiff phase is dark.",
        range: [1, 0],
      }),
    ],
    details: [
      { title: "Why", rows: recommended.map(({ reason }, i) => ({ label: `${labels[i]} labels`, value: reason })) },
    ],
  };
}
