/**
 * Going on where a backend loses its device.
 *
 * @packageDocumentation
 */
export { reopening } from "./reopening.ts";
