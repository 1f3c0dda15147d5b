/**
 * What tests of backends, layers and derivatives need: the conformance suites, the table of primitive cases, and checks of
 * derivatives by finite differences. Golden files are under `@hooke/testkit/golden`, which needs Node.
 *
 * @packageDocumentation
 */
export type { PrimitiveCase } from "./cases/case.ts";
export { primitiveCases } from "./cases/index.ts";
export { type SampleOptions, sample, specials, stream, ties } from "./cases/samples.ts";
export { checkCase, failures } from "./check.ts";
export { difference, type Tolerance } from "./compare.ts";
export { type ConformanceOptions, conformance } from "./conformance.ts";
export { checkDerivatives, type DerivativeOptions } from "./finite-differences.ts";
export { layerConformance } from "./layer-conformance.ts";
export type { LayerCase, LayerCheckName } from "./layers/case.ts";
export type { LayerCases } from "./layers/run.ts";
export { checkWithoutSubnormals, specialCases } from "./subnormal.ts";
