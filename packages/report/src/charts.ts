// From a report to charts: plain data, thinned to what an eye can see, that the page draws and lists.
import { fail } from "@hooke/runtime";
import type { Report, ReportChart, ReportParity, ReportSeries } from "./report.ts";

/** One plot. All series share `x`, which ascends; `null` is a gap. Plain JSON. */
export interface Chart {
  readonly id: string;
  readonly title: string;
  /** What is to be seen, in a sentence: shown as caption and read to those who do not see the plot. */
  readonly caption: string;
  readonly kind: "line" | "scatter";
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logY: boolean;
  readonly x: readonly number[];
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** A guide line: predicted = actual, or zero. */
  readonly guide?: "identity" | "zero";
  /** Fixed ranges; the plotting library chooses where there are none. */
  readonly xRange?: readonly [number, number];
  readonly yRange?: readonly [number, number];
}

const maxPoints = 4000;
/** A logarithmic axis pays off from this ratio of the largest to the smallest value. */
const logRatio = 30;

const finiteOrNull = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

/** A number for people: four significant digits. */
export function formatNumber(value: number | null): string {
  if (value === null || Number.isNaN(value)) return "–";
  const rounded = Number(value.toPrecision(4));
  const size = Math.abs(rounded);
  return size !== 0 && (size < 1e-4 || size >= 1e7)
    ? rounded.toExponential()
    : rounded.toLocaleString("en", { maximumFractionDigits: 10 });
}

/** Curves over epochs. */
export function historyChart({ epochs, series }: NonNullable<Report["history"]>): Chart {
  const drawn = drawable(series, epochs.length, "epochs");
  const all = drawn.flatMap(({ values }) => values.filter((value) => value !== null));
  const [low, high] = extent(all);
  const logY = all.length > 0 && low > 0 && high / low > logRatio;
  const ends = drawn.map(
    ({ label, values }) => `${label} ends at ${formatNumber(values.findLast((v) => v !== null) ?? null)}`,
  );
  return {
    id: "history",
    title: "Training curves",
    caption: `${capitalize(ends.join(", "))}.${logY ? " The vertical axis is logarithmic." : ""}`,
    kind: "line",
    xLabel: "epoch",
    yLabel: "loss",
    logY,
    x: epochs,
    series: drawn,
    ...(logY && { yRange: [tickBelow(low), high * 1.25] as const }),
  };
}

/** Any other curves. */
export function lineChart({ series, ...chart }: ReportChart, index: number): Chart {
  const drawn = drawable(series, chart.x.length, "values of x");
  return { ...chart, id: `chart-${index + 1}`, kind: "line", logY: false, series: drawn };
}

function drawable(series: readonly ReportSeries[], count: number, what: string): Chart["series"] {
  return series.map(({ label, values }) => {
    if (values.length !== count) {
      fail(
        "writeReport",
        `series "${label}" has ${values.length} values for ${count} ${what}; they must match.`,
        "mismatch",
      );
    }
    return { label, values: values.map(finiteOrNull) };
  });
}

/** Predicted against actual values, and what is left over. */
export function parityCharts(parity: readonly ReportParity[], quantity: string): Chart[] {
  for (const { label, actual, predicted } of parity) {
    if (actual.length !== predicted.length) {
      fail(
        "writeReport",
        `part "${label}" has ${actual.length} actual and ${predicted.length} predicted values; they must match.`,
        "mismatch",
      );
    }
  }
  const thinned = parity.map(thin);
  const total = parity.reduce((sum, { actual }) => sum + actual.length, 0);
  const shown = thinned.reduce((sum, { actual }) => sum + actual.length, 0);
  const note = shown < total ? ` ${shown.toLocaleString("en")} of ${total.toLocaleString("en")} rows are drawn.` : "";
  // One range for both axes makes the identity a diagonal.
  const range = padded(thinned.flatMap(({ actual, predicted }) => [...actual, ...predicted]));
  const residuals = thinned.map((part) => ({ ...part, residual: part.predicted.map((p, i) => p - part.actual[i]!) }));
  return [
    {
      id: "parity",
      title: "Predicted against actual",
      caption: `Points on the dashed diagonal are exact.${note}`,
      kind: "scatter",
      xLabel: `actual ${quantity}`,
      yLabel: `predicted ${quantity}`,
      logY: false,
      ...aligned(thinned.map(({ label, actual, predicted }) => ({ label, x: actual, y: predicted }))),
      guide: "identity",
      xRange: range,
      yRange: range,
    },
    {
      id: "residuals",
      title: "Residuals",
      caption: `Predicted minus actual: a slope or a funnel shows what the model misses.${note}`,
      kind: "scatter",
      xLabel: `predicted ${quantity}`,
      yLabel: "residual",
      logY: false,
      ...aligned(residuals.map(({ label, predicted, residual }) => ({ label, x: predicted, y: residual }))),
      guide: "zero",
      xRange: padded(residuals.flatMap(({ predicted }) => predicted)),
      yRange: padded([0, ...residuals.flatMap(({ residual }) => residual)]),
    },
  ];
}

interface Points {
  readonly label: string;
  readonly actual: readonly number[];
  readonly predicted: readonly number[];
}

/** At most `maxPoints` finite points, evenly picked. */
function thin({ label, actual, predicted }: ReportParity): Points {
  const finite = Array.from(actual, (_, i) => i).filter((i) => Number.isFinite(actual[i]! + predicted[i]!));
  const step = Math.max(1, finite.length / maxPoints);
  const rows = Array.from({ length: Math.min(finite.length, maxPoints) }, (_, i) => finite[Math.floor(i * step)]!);
  return { label, actual: rows.map((i) => actual[i]!), predicted: rows.map((i) => predicted[i]!) };
}

/** Point clouds on one ascending x axis: every point takes a slot that is a gap in the other series. */
function aligned(
  clouds: readonly { label: string; x: readonly number[]; y: readonly number[] }[],
): Pick<Chart, "x" | "series"> {
  const points = clouds
    .flatMap(({ x, y }, cloud) => x.map((value, i) => ({ cloud, x: value, y: y[i]! })))
    .sort((a, b) => a.x - b.x);
  return {
    x: points.map(({ x }) => x),
    series: clouds.map(({ label }, cloud) => ({ label, values: points.map((p) => (p.cloud === cloud ? p.y : null)) })),
  };
}

/** The range of the values and a little more, so that no point lies on the edge. */
function padded(values: readonly number[]): [number, number] {
  const [low, high] = extent(values);
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - margin, high + margin];
}

/** The largest of 1, 2 and 5 times a power of ten that is not above `value`: a logarithmic axis labels its lower end. */
function tickBelow(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([5, 2].find((digit) => digit * power <= value) ?? 1);
}

function extent(values: readonly number[]): [low: number, high: number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
