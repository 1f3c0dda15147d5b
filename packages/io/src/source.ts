// What every decoder takes.
import { type Check, fail, show } from "@hooke/runtime";

/** Options of every decoder. */
export interface SourceOptions {
  /** The speaker of errors, e.g. the file's path. Default: the format's name. */
  readonly source?: string;
}

/** Expects text. */
export const textCheck: Check = (value) => (typeof value === "string" ? undefined : "text");

/** Expects what is told of progress. */
export const callbackCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/** Fails where a decoder is given no bytes. */
export function checkBytes(who: string, bytes: unknown): asserts bytes is Uint8Array {
  if (bytes instanceof Uint8Array) return;
  fail(who, `received ${show(bytes)}; a file is read as a Uint8Array, in Node decodeFile of @hooke/io/node reads one.`);
}
