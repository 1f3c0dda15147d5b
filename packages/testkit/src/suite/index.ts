/**
 * The conformance suite without a test runner, for pages of a browser and other places where vitest does not run.
 *
 * @packageDocumentation
 */
export { type CheckReport, type ConformanceCheck, conformanceChecks } from "./checks.ts";
export { type CheckResult, runChecks } from "./run.ts";
