/**
 * Programs as kernels for GPUs: a plan, printed launch by launch in the language of a device.
 *
 * @packageDocumentation
 */
export { PrintedBackend } from "./backend.ts";
export type { Dialect, Parts, Shared } from "./dialect.ts";
export type { Extent, Machine, Recording } from "./machine.ts";
export type { Pointer } from "./pointer.ts";
export { type Printed, printProgram } from "./print.ts";
export type { Traits } from "./printer.ts";
export { countLaunches, launchesOf, type Repeated, type Step } from "./program.ts";
export { header, headerWords, type Launch } from "./text.ts";
export { fromWords, toWords } from "./words.ts";
