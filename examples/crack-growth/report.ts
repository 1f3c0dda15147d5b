// The report: forecasts of a few specimens, errors by step ahead, and what was chosen in the folds.
import type { Figure, Report } from "@hooke/report";
import { toBeat } from "./baselines.ts";
import type { Comparison } from "./compare.ts";
import type { Settings } from "./experiment.ts";
import type { Candidate } from "./members.ts";
import { lstmName, transformerName } from "./method.ts";
import { parisRefitted } from "./paris.ts";
import { virkler } from "./plate.ts";
import { linearRegression } from "./regression.ts";
import { betterOn, type Score } from "./scores.ts";
import { forecastSteps, observedPart, observedSteps } from "./specimens.ts";

export interface Results {
  readonly comparison: Comparison;
  readonly scores: readonly Score[];
  /** Of each fold, for the LSTM and then for the Transformer. */
  readonly chosen: readonly Candidate[];
  readonly settings: Settings;
  /** That the networks took. */
  readonly seconds: number;
}

const { cyclesPerStep } = virkler;

const shown = [toBeat, lstmName, transformerName];

export function crackGrowthReport(results: Results): Report {
  const { comparison, scores, settings, seconds } = results;
  const count = comparison.specimens.length;
  const reference = scores.find(({ method }) => method === toBeat)!;
  const byName = new Map(scores.map((score) => [score.method, score]));
  return {
    title: "Fatigue crack growth in 68 specimens",
    summary: [
      ...shown.map((name) => ({ label: `RMSE, ${name}`, value: `${byName.get(name)!.rmse.toFixed(3)} mm` })),
      ...[lstmName, transformerName].map((name) => ({
        label: `${name} better than "${toBeat}"`,
        value: `on ${betterOn(byName.get(name)!, reference)} of ${count} specimens`,
      })),
    ],
    metrics: scores.map((score) => ({
      name: score.method,
      values: {
        "RMSE (mm)": score.rmse,
        "MAE (mm)": score.mae,
        "RMSE, mean of folds": score.foldMean,
        "± deviation": score.foldDeviation,
        [`beats the law, of ${count}`]: betterOn(score, reference),
      },
    })),
    figures: [...curves(comparison, byName), ...errorsByStep(byName)],
    details: [
      { title: "Task", rows: taskRows(settings) },
      { title: "Chosen by validation, in how many folds", rows: chosenRows(results) },
      { title: "Data", rows: dataRows },
      {
        title: "Run",
        rows: [
          { label: "seed", value: String(settings.seed) },
          { label: "time of the networks", value: `${seconds.toFixed(0)} s` },
        ],
      },
    ],
  };
}

/** The fastest, the middle and the slowest crack, and the one where the law is most ahead of the Transformer. */
function curves({ specimens, results }: Comparison, scores: ReadonlyMap<string, Score>): Figure[] {
  const order = specimens
    .map((_, index) => index)
    .sort((a, b) => specimens[b]!.lengths[observedSteps]! - specimens[a]!.lengths[observedSteps]!);
  const [network, law] = [transformerName, toBeat].map((name) => scores.get(name)!.bySpecimen);
  const lead = (index: number): number => network![index]! - law![index]!;
  const picks: [title: string, index: number][] = [
    ["The fastest crack", order[0]!],
    ["One in the middle", order[order.length >> 1]!],
    ["The slowest crack", order.at(-1)!],
    [`Where "${toBeat}" is most ahead of the ${transformerName}`, order.reduce((a, b) => (lead(b) > lead(a) ? b : a))],
  ];
  const steps = observedSteps + forecastSteps;
  return picks.map(([title, index]) => {
    const specimen = specimens[index]!;
    const said = shown.map((name) => `${name} ${scores.get(name)!.bySpecimen[index]!.toFixed(2)}`).join(", ");
    return {
      kind: "curves",
      title: `${title}: specimen ${specimen.name}`,
      caption: `The data, and forecasts from the fifth row on. RMSE in mm: ${said}.`,
      xLabel: "cycles / 1,000",
      yLabel: "half crack length (mm)",
      x: Array.from({ length: steps }, (_, step) => ((step + 1) * cyclesPerStep) / 1000),
      series: [
        { label: "data", values: specimen.lengths.slice(0, steps) },
        ...shown.map((name) => {
          const forecast = results.find(({ method }) => method === name)!.forecasts[index]!;
          const before = new Array<null>(observedSteps - 1).fill(null);
          return { label: name, values: [...before, observedPart(specimen).at(-1)!, ...forecast] };
        }),
      ],
    };
  });
}

function errorsByStep(scores: ReadonlyMap<string, Score>): Figure[] {
  const chart = (title: string, caption: string, names: readonly string[]): Figure => ({
    kind: "curves",
    title,
    caption,
    xLabel: "cycles ahead / 1,000",
    yLabel: "RMSE (mm)",
    x: Array.from({ length: forecastSteps }, (_, step) => ((step + 1) * cyclesPerStep) / 1000),
    series: names.map((name) => ({ label: name, values: scores.get(name)!.byStep })),
  });
  const last = (name: string): string => `${scores.get(name)!.byStep.at(-1)!.toFixed(2)} mm`;
  return [
    chart(
      "Errors by step ahead",
      `At 200,000 cycles the errors are ${last(toBeat)} (${toBeat}), ${last(lstmName)} (${lstmName}) and ` +
        `${last(transformerName)} (${transformerName}); a linear map of the five lengths has ${last(linearRegression.name)}.`,
      [...shown, linearRegression.name],
    ),
    chart(
      "What fitting the law to forecasts is worth",
      "These rows depart from a power law, so that C refitted on the observed part is biased for what comes. " +
        "Fitted to forecasts, it is not.",
      ["mean growth", "Paris, population", parisRefitted.name, toBeat],
    ),
  ];
}

const dataRows = [
  {
    label: "from",
    value:
      "D. A. Virkler, B. M. Hillberry and P. K. Goel, The statistical nature of fatigue crack propagation, Journal of " +
      "Engineering Materials and Technology 101(2), 1979; digitised from a figure (github.com/WarrRich/Virkler-Data, CC0)",
  },
  {
    label: "beware",
    value:
      "the rows are values of a spline through nine points a curve, and points belong to a curve by rank: " +
      "early rows tell more of later ones than measurements would. See the README.",
  },
];

const taskRows = (settings: Settings) => [
  { label: "from", value: `crack lengths at 20,000 to ${(observedSteps * cyclesPerStep).toLocaleString("en")} cycles` },
  {
    label: "forecast",
    value: `crack lengths up to ${((observedSteps + forecastSteps) * cyclesPerStep).toLocaleString("en")} cycles`,
  },
  { label: "held out", value: `whole specimens, ${settings.folds} folds; each specimen once` },
  {
    label: "networks",
    value:
      `mean of ${settings.members}, each stopped by another part of the training specimens; at most ` +
      `${settings.epochs} epochs, patience ${settings.patience}, Adam, batches of ${settings.batchSize}`,
  },
];

function chosenRows({ chosen, settings }: Results) {
  const halves = [
    [lstmName, chosen.slice(0, settings.folds)],
    [transformerName, chosen.slice(settings.folds)],
  ] as const;
  return settings.candidates.map((candidate) => ({
    label:
      `${candidate.target === "growth" ? "growth factor" : "multiple of Paris"}, ${candidate.windows} window, ` +
      `learning rate ${candidate.learningRate}`,
    value: halves.map(([name, list]) => `${name} ${list.filter((one) => one === candidate).length}`).join(", "),
  }));
}
