/**
 * Functions of the runtime and of core at extreme arguments, against 4,000-bit arithmetic: for any backend. Node only.
 *
 * @packageDocumentation
 */

export { type ExtremeCheck, type ExtremeLimit, type ExtremeOptions, extremeChecks } from "./check.ts";
export { extremeConformance } from "./conformance.ts";
export { knownExtremes } from "./known.ts";
