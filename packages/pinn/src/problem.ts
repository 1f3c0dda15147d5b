// Problems: what is sought, where, and what must hold. A frozen value.
import { type Check, checkOptions, fail, quoted } from "@hooke/runtime";
import { type Term, termCheck } from "./conditions/term.ts";
import { type At, type Quantity, reserved } from "./derivatives/at.ts";
import { type Domain, domainCheck } from "./domains/domain.ts";
import { checkCoordinates, type Field, fieldCheck } from "./fields/field.ts";
import { type Unknown, unknownCheck } from "./fields/unknown.ts";
import { type Plan, planOf } from "./plan.ts";

/** A quantity that is a function of others. `d` takes it as it takes fields. */
export type Derived = (at: At) => Quantity;

/** What an exact transform sees: coordinates and unknowns, `[n]` and `[]`, and what the network of its field says. */
export interface Free {
  /** `[n]`, or a record of components. */
  // biome-ignore lint/suspicious/noExplicitAny: a scalar or a record, as the field is.
  readonly free: any;
  // biome-ignore lint/suspicious/noExplicitAny: the names are those of the problem, which is checked when it is recorded.
  readonly [name: string]: any;
}

/** A transform of what a network says into a field that fulfils conditions exactly. */
export type Exact = (at: Free) => Quantity;

/** Options of {@link problem}. */
export interface ProblemOptions {
  readonly domain: Domain;
  /** What is sought, by name. */
  readonly fields: Readonly<Record<string, Field>>;
  /** Functions of fields, unknowns and coordinates with names: stress, flux. Default none. */
  readonly derived?: Readonly<Record<string, Derived>>;
  /** Numbers to identify, by name. Default none. */
  readonly unknowns?: Readonly<Record<string, Unknown>>;
  /**
   * What makes conditions exact, by field: `{ u: ({ x, free }) => mul(mul(x, sub(1, x)), free) }` is zero at 0 and 1 whatever the network
   * says. Terms for these conditions are then superfluous. Default none.
   */
  readonly exact?: Readonly<Record<string, Exact>>;
  /** What must hold, by name. */
  readonly terms: Readonly<Record<string, Term>>;
}

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
  checkNames({
    "a coordinate": domain.coordinates,
    "a field": Object.keys(fields),
    "a derived quantity": Object.keys(derived),
    "an unknown": Object.keys(unknowns),
  });
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
