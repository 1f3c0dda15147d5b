/**
 * Reports as files.
 *
 * @packageDocumentation
 */

export { writeReport } from "./write-report.ts";
