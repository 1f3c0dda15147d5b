// Reports: what each term says at its points and at fresh ones, how the stages went, and what to be wary of.

import type { TermKind } from "./conditions/term.ts";
import { isFollowed } from "./followed.ts";
import type { HistoryRow } from "./history.ts";
import type { Noise } from "./intervals.ts";
import type { Scales } from "./scaling/scales.ts";
import type { Solution } from "./solution.ts";
import { formatted, table } from "./table.ts";

/** A term at the end. */
export interface TermReport {
  /** Its name, or `term.component`. */
  readonly name: string;
  readonly kind: TermKind;
  readonly points: number;
  readonly weight: number;
  /** Root mean square at the points it was trained on, in the user's units; of an energy, the integral. */
  readonly training: number;
  /** The same at points drawn afresh, of data at those held out; undefined where points are given, and there are no others. */
  readonly fresh?: number;
  /** What it was divided by. */
  readonly scale: number;
  /** Of data: the standard deviation of their noise, as it was given. */
  readonly sd?: number;
}

/** How a stage went. */
export interface StageReport {
  readonly method: string;
  readonly iterations: number;
  /** Of loss and gradient. */
  readonly evaluations: number;
  /** Of this run; what an earlier run that was resumed took is not in it. */
  readonly seconds: number;
  readonly loss: number;
  /** Why it ended, in words. */
  readonly message: string;
  /** What to be wary of, in words. */
  readonly warning?: string;
}

/** What {@link solve} has to say. `String(report)` prints it. */
export interface Report {
  readonly terms: readonly TermReport[];
  readonly stages: readonly StageReport[];
  /** What the terms said on the way: at the start, where points or weights were renewed, and at the end. */
  readonly history: readonly HistoryRow[];
  readonly scales: Scales;
  /** Identified numbers, by name. */
  readonly identified: Solution["identified"];
  /** The noise of terms of data, where unknowns have intervals by it. */
  readonly noise: Readonly<Record<string, Noise>>;
  readonly seed: number;
  readonly parameters: number;
  readonly seconds: number;
  /** What to be wary of, in words. */
  readonly warnings: readonly string[];
  toString(): string;
}

/**
 * Fresh residuals that are larger by more than this are warned of, where they are more than a small part of the term's scale. Below that, an equation that amplifies residuals
 * may still be solved wrongly, but then residuals at training points show it no more than those at fresh ones: their ratio tells nothing.
 */
const [apart, small] = [3, 1e-4];

/** Warns of terms that do not hold between their points. */
export function staleWarnings(terms: readonly TermReport[], when = ""): string[] {
  return terms.flatMap(({ name, kind, training, fresh, scale }) => {
    if (kind === "energy" || fresh === undefined || fresh <= apart * training || fresh < small * scale) return [];
    return [
      `"${name}" is ${formatted(fresh)} at fresh points and ${formatted(training)} where it was trained${when}: the solution is not to be ` +
        "trusted between its points. Give it more points, or draw them again more often.",
    ];
  });
}

/** Makes a report of its parts. */
export function reportOf(parts: Omit<Report, "warnings" | "toString">, more: readonly string[] = []): Report {
  const stages = parts.stages.flatMap(({ method, iterations, warning }) =>
    warning === undefined
      ? []
      : [
          `${method} was ended after ${iterations} steps. ${warning} A network can hide jumps between the points of a quadrature: ` +
            "give the energies more points, draw them again more often, or take fewer units.",
        ],
  );
  const warnings = [
    ...staleWarnings(parts.terms),
    ...parts.terms.flatMap(misfitWarning),
    ...energyWarning(parts.terms),
    ...stages,
    ...more,
  ];
  return Object.freeze({ ...parts, warnings: Object.freeze(warnings), toString: () => print(parts, warnings) });
}

function misfitWarning({ name, points, training, sd }: TermReport): string[] {
  if (sd === undefined || isFollowed((training / sd) ** 2, points)) return [];
  return [
    `"${name}" is ${formatted(training / sd)} times its noise where it was trained: the solution does not follow these data, and identified numbers rest on it; their intervals take all that is left for noise. ` +
      "Let stages make more steps, give fields more units or data more weight; or sd is too small, or an equation wrong.",
  ];
}

/** Quadratures of energies that differ by more than this part of their magnitudes are warned of. */
const energiesApart = 1e-2;

function energyWarning(terms: readonly TermReport[]): string[] {
  const energies = terms.filter(({ kind }) => kind === "energy");
  const sum = (of: (term: TermReport) => number): number => energies.reduce((total, each) => total + of(each), 0);
  const [training, fresh] = [
    sum(({ weight, ...term }) => weight * term.training),
    sum(({ weight, ...term }) => weight * (term.fresh ?? term.training)),
  ];
  const size = sum(({ weight, ...term }) => weight * Math.abs(term.fresh ?? term.training));
  if (Math.abs(fresh - training) <= energiesApart * size) return [];
  return [
    `The energy is ${formatted(fresh)} by fresh quadratures and ${formatted(training)} by that of the training: give it more points, ` +
      "or the sampler gauss().",
  ];
}

function print(
  {
    terms,
    stages,
    scales,
    identified,
    noise,
    seed,
    parameters,
    seconds,
  }: Omit<Report, "history" | "warnings" | "toString">,
  warnings: readonly string[],
): string {
  const rows = terms.map(({ name, points, weight, training, fresh, scale }) => [
    name,
    String(points),
    formatted(weight),
    formatted(training),
    fresh === undefined ? "" : formatted(fresh),
    formatted(scale),
  ]);
  const done = stages.map(({ method, iterations, evaluations, loss, message, ...stage }) => [
    method,
    String(iterations),
    String(evaluations),
    stage.seconds.toFixed(1),
    formatted(loss),
    message,
  ]);
  const numbers = Object.entries(identified).map(([name, { value, low95, high95, start }]) => [
    name,
    ...[value, low95, high95, start].map((each) => (each === undefined ? "" : String(Number(each.toPrecision(6))))),
  ]);
  const noises = Object.entries(noise).map(
    ([name, { sd, estimated }]) =>
      `The noise of "${name}" has the standard deviation ${formatted(sd)}${estimated ? ", estimated" : ""}.`,
  );
  const fields = Object.entries(scales.fields).map(([name, scale]) => `${name} ${formatted(scale)}`);
  return [
    table(["term", "points", "weight", "residual", "fresh", "scale"], rows),
    ...(numbers.length === 0 ? [] : [table(["unknown", "value", "low95", "high95", "start"], numbers)]),
    ...noises,
    table(["stage", "iterations", "evaluations", "seconds", "loss", "ended"], done),
    `${parameters} parameters, seed ${seed}, ${seconds.toFixed(1)} s; fields are scaled by ${fields.join(", ")}.`,
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join("\n\n");
}
