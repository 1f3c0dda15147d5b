// Runs the list of checks on one backend; a check that throws is a check with a problem.
import type { Backend } from "@hooke/runtime";
import { type CheckReport, type ConformanceCheck, conformanceChecks } from "./checks.ts";

/** What one check of the suite found on a backend. JSON. */
export interface CheckResult extends CheckReport {
  readonly group: string;
  readonly name: string;
}

/**
 * Runs checks and collects what they find; it never throws.
 *
 * @param skip reasons by primitive (`"tan"`), by case (`"tan: large f64"`), or by the name or the group of other checks
 * @param checks default: the whole suite
 */
export async function runChecks(
  backend: Backend,
  skip: Readonly<Record<string, string>> = {},
  checks: readonly ConformanceCheck[] = conformanceChecks(),
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const { group, name, run } of checks) {
    const reason = skip[name] ?? skip[group];
    if (reason !== undefined) {
      results.push({ group, name, ran: 0, skipped: [{ title: name, reason }], problems: [] });
      continue;
    }
    const report = await run(backend, skip).catch(
      (error): CheckReport => ({ ran: 1, skipped: [], problems: [`${name}: throws ${error}`] }),
    );
    results.push({ group, name, ...report });
  }
  return results;
}
