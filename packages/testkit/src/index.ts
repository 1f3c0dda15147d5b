/**
 * What tests of backends and derivatives need: the conformance suite, the table of primitive cases, and checks of
 * derivatives by finite differences. Golden files are under `@hooke/testkit/golden`, which needs Node.
 *
 * @packageDocumentation
 */
export type { PrimitiveCase } from "./cases/case.ts";
export { primitiveCases } from "./cases/index.ts";
export { type SampleOptions, sample, specials, stream, ties } from "./cases/samples.ts";
export { difference, type Tolerance } from "./compare.ts";
export { type ConformanceOptions, conformance } from "./conformance.ts";
export { checkDerivatives, type DerivativeOptions } from "./finite-differences.ts";
