/**
 * The conformance suites without a test runner, for pages of a browser and other places where vitest does not run.
 *
 * @packageDocumentation
 */

export { toleranceInWords } from "../compare.ts";
export type { LayerCase, LayerCheckName } from "../layers/case.ts";
export { type LayerCases, type LayerCheckResult, runLayerChecks } from "../layers/run.ts";
export { type CheckReport, type ConformanceCheck, conformanceChecks, thirdDerivativeChecks } from "./checks.ts";
export { knownDifferences } from "./known.ts";
export { leftOut, type Part } from "./part.ts";
export { type CheckResult, runChecks } from "./run.ts";
