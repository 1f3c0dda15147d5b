/**
 * Epilogues: what follows a product is computed where it is stored, for platforms whose products can.
 *
 * @packageDocumentation
 */
export { epiloguesOf } from "./epilogues.ts";
