// Reports: what each term says at its points and at fresh ones, how the stages went, and what to be wary of.

import type { Scales } from "./scaling/scales.ts";
import { formatted, table } from "./table.ts";

/** A term at the end. */
export interface TermReport {
  /** Its name, or `term.component`. */
  readonly name: string;
  readonly points: number;
  readonly weight: number;
  /** Root mean square at the points it was trained on, in the user's units; of an energy, the integral. */
  readonly training: number;
  /** The same at points drawn afresh; undefined where points are given, and there are no others. */
  readonly fresh?: number;
  /** What it was divided by. */
  readonly scale: number;
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
}

/** What {@link solve} has to say. `String(report)` prints it. */
export interface Report {
  readonly terms: readonly TermReport[];
  readonly stages: readonly StageReport[];
  readonly scales: Scales;
  readonly seed: number;
  readonly parameters: number;
  readonly seconds: number;
  /** What to be wary of, in words. */
  readonly warnings: readonly string[];
  toString(): string;
}

/** Fresh residuals that are larger by more than this are warned of, where they are more than a small part of the term's scale. */
const [apart, small] = [3, 1e-4];

/** Makes a report of its parts. */
export function reportOf(parts: Omit<Report, "warnings" | "toString">): Report {
  const warnings = parts.terms.flatMap(({ name, training, fresh, scale }) => {
    if (fresh === undefined || fresh <= apart * training || fresh < small * scale) return [];
    return [
      `"${name}" is ${formatted(fresh)} at fresh points and ${formatted(training)} where it was trained: the solution is not to be ` +
        "trusted between its points. Give it more points, or draw them again more often.",
    ];
  });
  return Object.freeze({ ...parts, warnings: Object.freeze(warnings), toString: () => print(parts, warnings) });
}

function print(
  { terms, stages, scales, seed, parameters, seconds }: Omit<Report, "warnings" | "toString">,
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
  const fields = Object.entries(scales.fields).map(([name, scale]) => `${name} ${formatted(scale)}`);
  return [
    table(["term", "points", "weight", "residual", "fresh", "scale"], rows),
    table(["stage", "iterations", "evaluations", "seconds", "loss", "ended"], done),
    `${parameters} parameters, seed ${seed}, ${seconds.toFixed(1)} s; fields are scaled by ${fields.join(", ")}.`,
    ...warnings.map((warning) => `Warning: ${warning}`),
  ].join("\n\n");
}
