// The table: one row per measurement, one column per participant, and under it what a reader needs to know.
import { type Measurement, measurements } from "./measurements.ts";
import type { Report, Result } from "./rounds.ts";

/** A Markdown table of medians; in parentheses the first participant's time over the column's. */
export function renderTable({ results, absences }: Report): string {
  const [first] = results;
  const header = ["", ...results.map(({ name, version }) => `${name} ${version}`), ...absences.map(({ name }) => name)];
  const rows = measurements.map((measurement) => [
    measurement.label,
    ...results.map((result) => cell(measurement, result, first!)),
    ...absences.map(() => "not installed"),
  ]);
  const notes = [
    `In parentheses: the time of ${first!.name} over that of the column; below 1, ${first!.name} is faster. "-": not measured there.`,
    ...absences.map(({ name, reason, install }) => `${name} is not installed (${reason}). To see it: ${install}.`),
    ...results.flatMap(({ name, disagreements }) =>
      disagreements.map((what) => `${name} DISAGREES with ${first!.name}; its time means nothing. ${what}`),
    ),
  ];
  return [...align([header, ...rows]), "", ...notes, ...launchesOf(results)].join("\n");
}

/** A second table: kernels that a call launches, of those who count them. */
function launchesOf(results: readonly Result[]): string[] {
  const counted = results.filter(({ launches }) => Object.keys(launches ?? {}).length > 0);
  if (counted.length === 0) return [];
  const rows = measurements.flatMap(({ task, label }) => {
    const counts = counted.map(({ launches }) => launches![task]);
    const name = label.replace(/, (?:ms|GFLOP\/s)$/, "");
    return counts.every((count) => count === undefined) ? [] : [[name, ...counts.map((count) => String(count ?? "-"))]];
  });
  return ["", ...align([["launches of a call", ...counted.map(({ name }) => name)], ...rows])];
}

function cell({ task, megaflop }: Measurement, { medians }: Result, first: Result): string {
  const time = medians[task];
  if (time === undefined) return "-";
  const value = digits(megaflop === undefined ? time : megaflop / time);
  const reference = first.medians[task];
  return medians === first.medians || reference === undefined ? value : `${value} (${digits(reference / time, 2)}x)`;
}

/** A number rounded to significant digits, never in exponential form. */
export function digits(value: number, significant = 3): string {
  return value.toFixed(Math.max(0, significant - 1 - Math.floor(Math.log10(value))));
}

/** Lines of a Markdown table, whose first column is text. */
export function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length), 3));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const padded = rows.map((row) =>
    line(row.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))),
  );
  const rule = line(widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)));
  return [padded[0]!, rule, ...padded.slice(1)];
}
