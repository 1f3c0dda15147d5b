/**
 * Plans of loops: what programs with a `scan` need beyond the rest.
 *
 * @packageDocumentation
 */
export { planScan } from "./scan.ts";
export { bySlices } from "./slices.ts";
