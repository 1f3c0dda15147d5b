// Curves over one axis, with their values as a table.
import { checks, fail } from "@hooke/runtime";
import { drawPlot } from "../drawing/draw-plot.ts";
import { numbers, numbersAndGaps, records, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { type Html, html } from "../html.ts";
import { extent, formatNumber } from "../numbers.ts";
import { dataTable } from "../tables.ts";
import { type Plot, plotBody } from "./plot.ts";

/** A curve. `null` and NaN are gaps. */
export interface ReportSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** Curves over one axis. */
export interface Curves extends FigureText {
  readonly xLabel: string;
  readonly yLabel: string;
  /** Ascending. */
  readonly x: readonly number[];
  /** A value per `x` each. Four can be told apart. */
  readonly series: readonly ReportSeries[];
  /** Whether the vertical axis is logarithmic; all values are above 0 then. Default false. */
  readonly logarithmic?: boolean;
}

const maxTableRows = 200;

export const curves: FigureKind<Curves, Plot> = {
  options: {
    required: { xLabel: text, yLabel: text, x: numbers, series: records({ label: text, values: numbersAndGaps }) },
    optional: { logarithmic: checks.flag },
  },
  plots: true,
  render(figure, who) {
    const plot = curvesPlot(figure, who);
    const ends = plot.series.map(({ label, values }) => `${label} ends at ${formatNumber(lastOf(values))}`);
    return {
      alternative: `Curves of ${figure.yLabel || "values"} over ${figure.xLabel}: ${ends.join(", ")}.`,
      ...(plot.logarithmic && { note: "The vertical axis is logarithmic." }),
      body: plotBody(plot, figure.title),
      below: valueTable(plot),
      data: plot,
    };
  },
  draw: drawPlot,
};

/** @throws if a series has not a value per `x`, `x` does not ascend, or a logarithmic axis has a value that is not above 0 */
export function curvesPlot({ xLabel, yLabel, x, series, logarithmic = false }: Curves, who: string): Plot {
  const turn = x.findIndex((value, i) => !Number.isFinite(value) || (i > 0 && value < x[i - 1]!));
  if (turn >= 0) fail(who, `x[${turn}] is ${x[turn]}; x is finite and ascends.`, "invalid-data");
  const drawn = series.map(({ label, values }) => {
    if (values.length !== x.length) {
      fail(
        who,
        `series "${label}" has ${values.length} values for ${x.length} values of x; they must match.`,
        "mismatch",
      );
    }
    return { label, values: values.map((value) => (Number.isFinite(value) ? value : null)) };
  });
  const [low, high] = extent(drawn.flatMap(({ values }) => values.filter((value) => value !== null)));
  if (logarithmic && low <= 0) {
    fail(who, `its smallest value is ${low}; a logarithmic axis takes values above 0.`, "invalid-data");
  }
  return {
    look: "lines",
    xLabel,
    yLabel,
    logarithmic,
    x,
    series: drawn,
    ...(logarithmic && low <= high && { yRange: [tickBelow(low), high * 1.25] as const }),
  };
}

const lastOf = (values: readonly (number | null)[]): number | null =>
  values.findLast((value) => value !== null) ?? null;

/** The largest of 1, 2 and 5 times a power of ten that is not above `value`: a logarithmic axis labels its lower end. */
function tickBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([5, 2].find((digit) => digit * power <= value) ?? 1);
}

function valueTable({ xLabel, x, series }: Plot): Html {
  const step = Math.ceil(x.length / maxTableRows);
  const rows = x.flatMap((at, i) =>
    i % step === 0 || i === x.length - 1
      ? [[String(Number(at.toPrecision(7))), ...series.map(({ values }) => values[i]!)]]
      : [],
  );
  const note = step > 1 ? ` (one row in ${step})` : "";
  const table = dataTable("values", [xLabel, ...series.map(({ label }) => label)], rows);
  return html`<details><summary>The same as a table${note}</summary>${table}</details>`;
}
