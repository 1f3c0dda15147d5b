// A page of all that was found, as `@hooke/report` takes it.
import { checkArgument, checkOptions, randomKey } from "@hooke/runtime";
import { time } from "../domains/domain.ts";
import type { Errors } from "../errors.ts";
import { termNames } from "../history.ts";
import type { Report } from "../report.ts";
import type { Solution } from "../solution.ts";
import type { Solved } from "../solve-options.ts";
import { formatted } from "../table.ts";
import { type Figure, labelOf, type Units } from "./figures.ts";
import { type Fixed, fixedCheck, pointsCheck, unitsCheck } from "./grid.ts";
import { fieldMap, fills, residualMap } from "./maps.ts";
import { slices } from "./slices.ts";
import { errorTable, historyCurves, identifiedTable, stageTable, termTable } from "./tables.ts";

/** Options of {@link resultsPage}. */
export interface ResultsPageOptions {
  readonly title: string;
  /** What is drawn, by name: fields, components, derived quantities. Default all of them. */
  readonly quantities?: readonly string[];
  /** Errors to list, such as `await errors(solution, ...)`. Default none. */
  readonly errors?: Errors;
  /** Units by the names of coordinates, quantities and unknowns. Default none. */
  readonly units?: Units;
  /** Where maps are drawn, of more than two coordinates. Default the middle of space and the end of time. */
  readonly at?: Fixed;
  /** How many points the longer side of a map has. Default 101. */
  readonly points?: number;
  /** Figures of your own, shown after the others. Default none. */
  readonly figures?: readonly Figure[];
}

/** What `writeReport(path, page)` of `@hooke/report/node` takes. */
export interface ResultsPage {
  readonly title: string;
  readonly summary: readonly { readonly label: string; readonly value: string | number }[];
  readonly warnings: readonly string[];
  readonly figures: readonly Figure[];
  readonly details: readonly {
    readonly title: string;
    readonly rows: readonly { readonly label: string; readonly value: string | number }[];
  }[];
}

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? undefined : "a text");

/**
 * All that was found, as a page: terms with their residuals where they were trained and at fresh points, warnings in words, identified numbers, errors, maps
 * and slices of quantities, maps of residuals, the history of each term, stages, scales. `writeReport` and `showReport` of `@hooke/report` show it.
 *
 * @param solved what `solve` or `march` returned
 * @throws if a quantity is not there
 * @example
 * ```ts
 * import { wasmBackend } from "@hooke/backend-wasm";
 * import { adam } from "@hooke/minimize";
 * import { box, mlp, problem, residual, resultsPage, solve } from "@hooke/pinn";
 * import { renderReport } from "@hooke/report";
 * import { add } from "@hooke/runtime";
 *
 * const plate = box({ x: [0, 1], y: [0, 1] });
 * const membrane = problem({
 *   domain: plate,
 *   fields: { u: mlp({ units: [8] }) },
 *   terms: { equation: residual(plate.interior(50), ({ u, d }) => add(d.laplacian(u), 1)) },
 * });
 * const solved = await solve(membrane, { backend: wasmBackend(), stages: [{ method: adam(), iterations: 20 }] });
 * const page = await resultsPage(solved, { title: "Membrane", units: { x: "m", y: "m", u: "mm" }, points: 21 });
 * const { script, license } = { script: "", license: "" }; // uPlot's, see the README of @hooke/report
 * console.log((await renderReport(page, { script, license })).includes("u (mm)")); // true
 * ```
 */
export async function resultsPage(
  solved: Pick<Solved, "solution" | "report" | "identified">,
  options: ResultsPageOptions,
): Promise<ResultsPage> {
  const who = "resultsPage";
  checkArgument(who, "what was solved", solved, (value) => {
    const { solution, report } = (value ?? {}) as Partial<Solved>;
    return typeof solution?.at === "function" && Array.isArray(report?.terms) ? undefined : "what solve returned";
  });
  checkOptions<ResultsPageOptions>(who, options, {
    required: { title: text },
    optional: {
      quantities: (value) =>
        Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "names",
      errors: (value) => (Array.isArray((value as Partial<Errors>)?.rows) ? undefined : "what errors returned"),
      units: unitsCheck,
      at: fixedCheck,
      points: pointsCheck,
      figures: (value) => (Array.isArray(value) ? undefined : "a list of figures"),
    },
  });
  const { solution, report, identified } = solved;
  const { title, errors, figures = [] } = options;
  return {
    title,
    summary: summaryOf(report, errors),
    warnings: report.warnings,
    figures: [
      termTable(report),
      ...(Object.keys(identified).length === 0 ? [] : [identifiedTable(identified, options.units)]),
      ...(errors === undefined ? [] : [errorTable(errors)]),
      ...(await drawings(solution, options)),
      ...historyCurves(report),
      ...figures,
      stageTable(report),
    ],
    details: detailsOf(solution, report, options.units ?? {}),
  };
}

function summaryOf(report: Report, errors: Errors | undefined): ResultsPage["summary"] {
  const shares = report.terms
    .filter(({ kind }) => kind === "squares")
    .map(({ training, fresh, scale }) => (fresh ?? training) / scale);
  const last = report.stages.at(-1);
  return [
    ...(shares.length === 0 ? [] : [{ label: "Largest residual, of its scale", value: Math.max(...shares) }]),
    ...(errors === undefined || errors.rows.length === 0
      ? []
      : [{ label: "Largest relative error", value: Math.max(...errors.rows.map(({ relativeL2 }) => relativeL2)) }]),
    ...(last === undefined ? [] : [{ label: "Loss", value: last.loss }]),
    { label: "Parameters", value: report.parameters },
    { label: "Time", value: `${report.seconds.toFixed(1)} s` },
  ];
}

/** Maps and slices of quantities, and maps of residuals where they hold everywhere. */
async function drawings(
  solution: Solution,
  { quantities, units = {}, at, points }: ResultsPageOptions,
): Promise<Figure[]> {
  const { problem } = solution;
  const { coordinates, measure } = problem.domain;
  const names = quantities ?? (await quantitiesOf(solution));
  const planar = coordinates.length > 1;
  const map = { units, ...(at && { at }), ...(points !== undefined && { points }) };
  const figures: Figure[] = [];
  for (const name of names) {
    if (planar) figures.push(await fieldMap(solution, name, map));
    if (!planar || coordinates.includes(time)) figures.push(await slices(solution, name, { units }));
  }
  if (!planar) return figures;
  for (const { term, name } of termNames(problem)) {
    const { kind, points: own, places = [] } = problem.terms[term]!;
    if (kind === "squares" && places.length === 0 && fills(own, measure))
      figures.push(await residualMap(solution, name, map));
  }
  return figures;
}

/** Fields and derived quantities, by component. */
async function quantitiesOf(solution: Solution): Promise<string[]> {
  const { domain, fields, derived } = solution.problem;
  const point = domain.interior(1).draw(randomKey(0));
  return Object.keys(await solution.at(point, [...Object.keys(fields), ...Object.keys(derived)]));
}

function detailsOf({ problem, scales }: Solution, report: Report, units: Units): ResultsPage["details"] {
  const scaled = Object.entries(scales.fields).map(([name, value]) => ({ label: labelOf(name, units), value }));
  return [
    {
      title: "Problem",
      rows: [
        ...problem.domain.coordinates.map((name) => {
          return { label: labelOf(name, units), value: problem.domain.bounds[name]!.map(formatted).join(" to ") };
        }),
        { label: "fields", value: Object.keys(problem.fields).join(", ") },
        ...(Object.keys(problem.exact).length === 0
          ? []
          : [{ label: "exact conditions", value: Object.keys(problem.exact).join(", ") }]),
      ],
    },
    { title: "Scales of fields", rows: scaled },
    {
      title: "Run",
      rows: [
        { label: "seed", value: report.seed },
        { label: "parameters", value: report.parameters },
      ],
    },
  ];
}
