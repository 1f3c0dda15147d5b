// What a report holds, and its short forms as figures.
import { checkOptions, type OptionTable } from "@hooke/runtime";
import { list, numbers, numbersAndGaps, record, records, text } from "./expected.ts";
import type { ReportConfusion } from "./figures/confusion.ts";
import type { ReportSeries } from "./figures/curves.ts";
import type { ReportParity } from "./figures/parity.ts";
import type { Figure } from "./kinds.ts";
import { extent, formatNumber } from "./numbers.ts";

/** A fact with its name, e.g. `{ label: "Parameters", value: 4929 }`. */
export interface ReportRow {
  readonly label: string;
  readonly value: string | number;
}

/** A metric's value per part of the data, e.g. `{ name: "RMSE (MPa)", values: { validation: 4.9, test: 5.1 } }`. */
export interface ReportMetric {
  readonly name: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A finished training, or another result, for people. */
export interface Report {
  readonly title: string;
  /** The few facts one looks for first; numbers are shown with four significant digits. */
  readonly summary?: readonly ReportRow[];
  /** What deserves a look, a sentence each, such as the `warnings` that `fit` returns. */
  readonly warnings?: readonly string[];
  readonly metrics?: readonly ReportMetric[];
  /** Losses over the epochs, short for a figure of curves. */
  readonly history?: { readonly epochs: readonly number[]; readonly series: readonly ReportSeries[] };
  /** Figures of any kind, in this order. */
  readonly figures?: readonly Figure[];
  /** Predicted and actual values, short for a parity and a residual figure. The part listed last is drawn on top. */
  readonly parity?: readonly ReportParity[];
  /** What is predicted, with its unit, e.g. `"compressive strength (MPa)"`. Default `"value"`. */
  readonly quantity?: string;
  /** What was taken for what, short for a confusion figure each. */
  readonly confusion?: readonly ReportConfusion[];
  /** Run configuration, versions, machine: groups of rows under a heading. */
  readonly details?: readonly { readonly title: string; readonly rows: readonly ReportRow[] }[];
}

const cell = (value: unknown) => (typeof value === "number" ? undefined : text(value));
const rows = records({ label: text, value: cell });

const table: OptionTable<Report> = {
  required: { title: text },
  optional: {
    summary: rows,
    warnings: list("sentences", text),
    metrics: records({ name: text, values: record }),
    history: (value) =>
      records({ epochs: numbers, series: records({ label: text, values: numbersAndGaps }) })([value])?.replace(
        "a list of ",
        "",
      ),
    figures: records({ kind: (value) => cell(value) && record(value), title: text, caption: text }),
    parity: records({ label: text, actual: numbers, predicted: numbers }),
    quantity: text,
    confusion: records({ label: text, classes: list("names", text), counts: record }),
    details: records({ title: text, rows }),
  },
};

/** @throws if something in the report is not what it should be */
export function checkReport(who: string, report: Report): void {
  checkOptions<Report>(who, report, table);
}

/** A logarithmic axis pays off from this ratio of the largest to the smallest value. */
const logRatio = 30;

/** All figures, those in short form as well, in the order they are shown. */
export function figuresOf(report: Report): Figure[] {
  const { history, figures = [], parity = [], confusion = [], quantity = "value" } = report;
  return [
    ...(history ? [trainingCurves(history)] : []),
    ...figures,
    ...(parity.length > 0 ? parityFigures(parity, quantity) : []),
    ...confusion.map(
      ({ label, ...counted }): Figure => ({
        kind: "confusion",
        title: `Actual against predicted classes: ${label}`,
        caption: "Which classes were taken for which.",
        ...counted,
      }),
    ),
  ];
}

function trainingCurves({ epochs, series }: NonNullable<Report["history"]>): Figure {
  const [low, high] = extent(series.flatMap(({ values }) => values.filter((value) => value !== null)));
  const ends = series.map(({ label, values }) => {
    const last = values.findLast((value) => value !== null && Number.isFinite(value));
    return `${label} ends at ${formatNumber(last ?? null)}`;
  });
  return {
    kind: "curves",
    title: "Training curves",
    caption: `${capitalize(ends.join(", "))}.`,
    xLabel: "epoch",
    yLabel: "loss",
    x: epochs,
    series,
    logarithmic: low > 0 && high / low > logRatio,
  };
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const parityFigures = (parts: readonly ReportParity[], quantity: string): Figure[] => [
  {
    kind: "parity",
    title: "Predicted against actual",
    caption: "Points on the dashed diagonal are exact.",
    parts,
    quantity,
  },
  {
    kind: "residuals",
    title: "Residuals",
    caption: "Predicted minus actual: a slope or a funnel shows what the model misses.",
    parts,
    quantity,
  },
];
