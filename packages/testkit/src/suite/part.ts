// A part of the suite, for those who have no time for all of it.
import type { Backend } from "@hooke/runtime";
import { primitiveCases } from "../cases/index.ts";
import { caseProgram, runs } from "../check.ts";
import { conformanceChecks } from "./checks.ts";

/** Which part of the suite {@link leftOut} leaves. */
export interface Part {
  /** Of the cases of each primitive that the backend can run, and of the checks of every other group, one in this many. */
  readonly every: number;
  /** The first of them; a primitive with fewer cases has none. Default 0. */
  readonly from?: number;
  /** Why the others are skipped. */
  readonly reason: string;
}

/**
 * What of the suite is left out where a part of it has to do, for `skip`: all but one in so many cases of each primitive, and of the checks of
 * every other group but the contract, of which all run.
 *
 * @param backend of which dtypes cases are counted
 * @returns the reason, by the titles of cases and the names of checks; names of f32 and f64 that are one are left out in both, or in none
 */
export function leftOut(
  backend: Pick<Backend, "dtypes">,
  { every, from = 0, reason }: Part,
): Readonly<Record<string, string>> {
  const left = (_: unknown, at: number): boolean => at % every !== from;
  const titles = [...primitiveCases()].flatMap(([primitive, cases]) =>
    cases
      .filter((entry) => runs(backend, caseProgram(entry)))
      .filter(left)
      .map(({ note }) => `${primitive}: ${note}`),
  );
  const checks = conformanceChecks().filter(({ group }) => group !== "primitives" && group !== "contract");
  const names = [...Map.groupBy(checks, ({ group }) => group).values()].flatMap((group) =>
    [...new Set(group.map(({ name }) => name))].filter(left),
  );
  return Object.fromEntries([...titles, ...names].map((title) => [title, reason]));
}
