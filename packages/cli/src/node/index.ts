/**
 * The commands of `hooke`, as functions.
 *
 * @packageDocumentation
 */
export { type HookeOptions, hooke } from "./hooke.ts";
export { decodeModelFile, encodeModelFile, type ModelFile } from "./model-file.ts";
