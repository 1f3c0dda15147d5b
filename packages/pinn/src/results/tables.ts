// What a report says, as tables and curves.
import { checkArgument } from "@hooke/runtime";
import type { Errors } from "../errors.ts";
import type { Report } from "../report.ts";
import type { Identified } from "../solution.ts";
import { formatted } from "../table.ts";
import { type CurvesFigure, labelOf, type TableFigure, type Units } from "./figures.ts";

const reportCheck = (value: unknown): string | undefined =>
  Array.isArray((value as Partial<Report> | null | undefined)?.history) ? undefined : "the .report that solve returned";

/**
 * The terms with what they say where they were trained and at fresh points, for the `figures` of `@hooke/report`.
 *
 * @throws on anything but a report of `solve`
 */
export function termTable(report: Report): TableFigure {
  checkArgument("termTable", "the report", report, reportCheck);
  const squares = report.terms.filter(({ kind }) => kind === "squares");
  const worst = squares.reduce<(typeof squares)[number] | undefined>((most, term) => {
    const share = (each: typeof term): number => (each.fresh ?? each.training) / each.scale;
    return most === undefined || share(term) > share(most) ? term : most;
  }, undefined);
  return {
    kind: "table",
    title: "Terms",
    caption: [
      "Root mean squares, in the units of the terms, and integrals of energies. At fresh points the solution was not trained.",
      ...(worst === undefined
        ? []
        : [
            `Largest beside what it was at the start: ${worst.name}, ${formatted((worst.fresh ?? worst.training) / worst.scale)} of it.`,
          ]),
    ].join(" "),
    columns: ["term", "points", "weight", "trained", "fresh", "scale"].map((label) => ({ label })),
    rows: report.terms.map(({ name, points, weight, training, fresh, scale }) => [
      name,
      points,
      weight,
      training,
      fresh ?? null,
      scale,
    ]),
  };
}

/**
 * The stages: what was done, and why it ended.
 *
 * @throws on anything but a report of `solve`
 */
export function stageTable(report: Report): TableFigure {
  checkArgument("stageTable", "the report", report, reportCheck);
  const { stages } = report;
  const total = stages.reduce((sum, { evaluations }) => sum + evaluations, 0);
  return {
    kind: "table",
    title: "Stages",
    caption: `${total.toLocaleString("en")} evaluations of loss and gradient in ${report.seconds.toFixed(1)} s.`,
    columns: [
      { label: "method" },
      { label: "steps" },
      { label: "evaluations" },
      { label: "time", unit: "s" },
      { label: "loss" },
      { label: "why it ended" },
    ],
    rows: stages.map(({ method, iterations, evaluations, seconds, loss, message }) => [
      method,
      iterations,
      evaluations,
      Math.round(100 * seconds) / 100,
      loss,
      message,
    ]),
  };
}

/**
 * Curves over the steps, a figure for each term: its residual where it was trained and at fresh points. Energies, which may be of any sign, are left out.
 *
 * @throws on anything but a report of `solve`
 */
export function historyCurves(report: Report): readonly CurvesFigure[] {
  checkArgument("historyCurves", "the report", report, reportCheck);
  const { history, terms } = report;
  const squares = [...new Set(history.flatMap(({ training }) => Object.keys(training)))].filter(
    (name) => !terms.some((term) => term.kind === "energy" && plain(term.name) === name),
  );
  return squares.map((name) => {
    const curve = (label: string, of: "training" | "fresh") => ({
      label,
      // What is exactly zero has no place on a logarithmic axis.
      values: history.map((row) => row[of][name] || null),
    });
    const [trained, fresh] = [curve("trained", "training"), curve("fresh", "fresh")];
    const series = fresh.values.some((value) => value !== null) ? [trained, fresh] : [trained];
    const ends = series.map(({ label, values }) => `${label} ends at ${formatted(values.at(-1) ?? 0)}`).join(", ");
    return {
      kind: "curves",
      title: `Residual of ${name} over the steps`,
      caption: `${ends.charAt(0).toUpperCase()}${ends.slice(1)}.`,
      xLabel: "step",
      yLabel: "root mean square",
      x: history.map(({ step }) => step),
      series,
      logarithmic: series.some(({ values }) => values.some((value) => value !== null)),
    };
  });
}

/** Without the window that a march puts before it. */
const plain = (name: string): string => name.replace(/^window \d+: /, "");

/**
 * A table of what `errors` returned.
 *
 * @throws on anything but what `errors` returned
 */
export function errorTable(errors: Errors): TableFigure {
  checkArgument("errorTable", "the errors", errors, (value) =>
    Array.isArray((value as Partial<Errors> | null | undefined)?.rows) ? undefined : "what errors returned",
  );
  return {
    kind: "table",
    title: "Errors",
    caption: "Against what is known: relative to its size, the largest, and the root mean square.",
    columns: ["quantity", "relative L2", "largest", "rms", "points"].map((label) => ({ label })),
    rows: errors.rows.map(({ name, relativeL2, largest, rms, points }) => [name, relativeL2, largest, rms, points]),
  };
}

/**
 * The numbers that were identified.
 *
 * @param units by their names. Default none
 * @throws on anything but a record of identified numbers
 */
export function identifiedTable(identified: Readonly<Record<string, Identified>>, units: Units = {}): TableFigure {
  checkArgument("identifiedTable", "the numbers", identified, (value) =>
    typeof value === "object" && value !== null && Object.values(value).every((each) => Number.isFinite(each?.value))
      ? undefined
      : "the .identified that solve returned",
  );
  const entries = Object.entries(identified);
  const sure = entries.some(([, { low95 }]) => low95 !== undefined);
  return {
    kind: "table",
    title: "Identified numbers",
    caption: sure
      ? "Found together with the fields. Each lies between the two numbers beside it with 95 % confidence."
      : "Found together with the fields.",
    columns: ["number", "value", ...(sure ? ["from (95 %)", "to (95 %)"] : []), "start"].map((label) => ({ label })),
    rows: entries.map(([name, { value, start, low95 = null, high95 = null }]) => [
      labelOf(name, units),
      value,
      ...(sure ? [low95, high95] : []),
      start,
    ]),
  };
}
