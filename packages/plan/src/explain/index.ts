/**
 * Plans for people: which kernel is fused of what, what it reads and writes, and which engine runs it.
 *
 * @packageDocumentation
 */
export { labelOf, type WayOf } from "./label.ts";
export { type Notes, type Row, rowsOf, type Work } from "./rows.ts";
export { inBytes, tableLines } from "./table.ts";
export { textOf } from "./text.ts";
