// Problems: what is sought, where, and what must hold. A frozen value.
import { type Check, checkOptions, fail, quoted } from "@hooke/runtime";
import { termCheck } from "./conditions/term.ts";
import { reserved } from "./derivatives/at.ts";
import { domainCheck } from "./domains/domain.ts";
import { checkCoordinates, fieldCheck } from "./fields/field.ts";
import { unknownCheck } from "./fields/unknown.ts";
import { type Plan, planOf } from "./plan.ts";
import type { ProblemOptions } from "./statement.ts";

/** A problem. {@link solve} solves it. */
export interface Problem extends Required<ProblemOptions> {
  /** What its terms ask of its fields, and where. */
  readonly plan: Plan;
}

/** Expects a problem. */
export const problemCheck: Check = (value) =>
  typeof (value as Partial<Problem> | null | undefined)?.plan === "object" ? undefined : "a problem: problem({ ... })";

const recordOf =
  (what: string, check: Check): Check =>
  (value) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return `a record of ${what}s by name`;
    for (const [name, one] of Object.entries(value)) {
      const expected = check(one);
      if (expected !== undefined) return `${expected}, for "${name}"`;
    }
    return undefined;
  };
const functionCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/**
 * A problem, checked at once: every term is recorded, so that names it does not have, and results of another shape, are refused here.
 *
 * @throws naming the term, the name it asked for, and what there is
 * @example
 * ```ts
 * import { dirichlet, interval, mlp, problem, residual } from "@hooke/pinn";
 * import { add } from "@hooke/runtime";
 *
 * const line = interval({ x: [0, 1] });
 * const poisson = problem({
 *   domain: line,
 *   fields: { u: mlp({ units: [10, 10] }) },
 *   terms: {
 *     equation: residual(line.interior(50), ({ u, d }) => add(d(u, "x", "x"), 1)),
 *     ends: dirichlet(line.faces("x"), { u: 0 }),
 *   },
 * });
 * console.log(Object.keys(poisson.terms)); // [ 'equation', 'ends' ]
 * ```
 */
export function problem(options: ProblemOptions): Problem {
  checkOptions<ProblemOptions>("problem", options, {
    required: { domain: domainCheck, fields: recordOf("field", fieldCheck), terms: recordOf("term", termCheck) },
    optional: {
      derived: recordOf("function", functionCheck),
      unknowns: recordOf("unknown", unknownCheck),
      exact: recordOf("function", functionCheck),
    },
  });
  const { domain, fields, derived = {}, unknowns = {}, exact = {}, terms } = options;
  for (const [what, given] of Object.entries({ fields, terms })) {
    if (Object.keys(given).length === 0) fail("problem", `received no ${what}; it takes at least one.`);
  }
  const seen = {
    "a coordinate": domain.coordinates,
    "a field": Object.keys(fields),
    "a derived quantity": Object.keys(derived),
    "an unknown": Object.keys(unknowns),
  };
  for (const [kind, names] of Object.entries({ ...seen, "a term": Object.keys(terms) })) checkWords(kind, names);
  checkNames(seen);
  for (const [name, field] of Object.entries(fields)) checkCoordinates(`field "${name}"`, field, domain.coordinates);
  for (const name of Object.keys(exact)) {
    if (!Object.hasOwn(fields, name)) {
      fail(
        "problem",
        `received an exact transform of "${name}", which is no field; it has ${quoted(Object.keys(fields))}.`,
      );
    }
  }
  for (const [name, { points }] of Object.entries(terms)) {
    if (points.coordinates.join() !== domain.coordinates.join()) {
      fail(
        `term "${name}"`,
        `has points of the coordinates ${quoted(points.coordinates)}; those of the domain are ${quoted(domain.coordinates)}.`,
        "mismatch",
      );
    }
  }
  const value = {
    domain,
    fields: Object.freeze({ ...fields }),
    derived: Object.freeze({ ...derived }),
    unknowns: Object.freeze({ ...unknowns }),
    exact: Object.freeze({ ...exact }),
    terms: Object.freeze({ ...terms }),
  };
  return Object.freeze({ ...value, plan: planOf(value) });
}

/** Results are records by name: what every record has already is no name. */
function checkWords(kind: string, names: readonly string[]): void {
  for (const name of names) {
    if (name === "") fail("problem", `received an empty name of ${kind}; give it one.`);
    if (name in Object.prototype) fail("problem", `the name "${name}" of ${kind} is taken; choose another.`);
  }
}

/** Everything has a name of its own, which functions see. */
function checkNames(kinds: Readonly<Record<string, readonly string[]>>): void {
  const seen = new Map<string, string>();
  for (const [kind, names] of Object.entries(kinds)) {
    for (const name of names) {
      if (reserved.includes(name)) fail("problem", `the name "${name}" of ${kind} is taken; choose another.`);
      const other = seen.get(name);
      if (other !== undefined) fail("problem", `"${name}" names ${other} and ${kind}; choose another name for one.`);
      seen.set(name, kind);
    }
  }
}
