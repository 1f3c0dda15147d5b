// Scales: what a problem's 1 is. Coordinates by the domain's bounds, fields by what is known of them, terms by what they say at the start.
import { type Check, checks, fail, quoted, suggestion } from "@hooke/runtime";
import type { Problem } from "../problem.ts";

/** Scales in the user's units. */
export interface Scales {
  /** What a network's 1 stands for, by field. */
  readonly fields: Readonly<Record<string, number>>;
  /** What a residual is divided by, by term or `term.component`. */
  readonly terms: Readonly<Record<string, number>>;
}

/** Scales to take instead of those found, by the name of a field, a term or a `term.component`. */
export type GivenScales = Readonly<Record<string, number>>;

/** Expects scales. */
export const scalesCheck: Check = (value) =>
  typeof value === "object" &&
  value !== null &&
  Object.values(value).every((scale) => checks.positive(scale) === undefined)
    ? undefined
    : "numbers above 0 by the names of fields and terms, such as { u: 2e-5, equation: 4 }";

/** Checks that scales are of things there are. */
export function checkScales(problem: Problem, given: GivenScales): void {
  const { fields, terms, plan } = problem;
  const names = [
    ...Object.keys(fields),
    ...Object.keys(terms),
    ...Object.entries(plan.components).flatMap(([term, parts]) =>
      parts.filter(Boolean).map((part) => `${term}.${part}`),
    ),
  ];
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      fail(
        "solve",
        `received a scale of "${name}"; there are ${quoted(names)}.${suggestion(name, names)}`,
        "unknown-option",
      );
    }
  }
}

/** The root of the mean square. */
export function rms(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i++) total += numbers[i]! ** 2;
  return Math.sqrt(total / Math.max(numbers.length, 1));
}
