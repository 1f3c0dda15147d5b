/**
 * The commands of `hooke`, as functions.
 *
 * @packageDocumentation
 */
export { type HookeOptions, hooke } from "./hooke.ts";
