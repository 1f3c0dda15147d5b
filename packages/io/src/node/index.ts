/**
 * Files of other programs, in Node.
 *
 * @packageDocumentation
 */

export { decodeFile } from "./decode-file.ts";
