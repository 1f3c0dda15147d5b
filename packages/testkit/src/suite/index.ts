/**
 * The conformance suite without a test runner, for pages of a browser and other places where vitest does not run.
 *
 * @packageDocumentation
 */

export { toleranceInWords } from "../compare.ts";
export { type CheckReport, type ConformanceCheck, conformanceChecks } from "./checks.ts";
export { knownDifferences } from "./known.ts";
export { type CheckResult, runChecks } from "./run.ts";
