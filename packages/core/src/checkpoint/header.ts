// What a model file says besides its tensors.

import type { Preprocessing } from "@hooke/data";
import { fail, HookeError, quoted } from "@hooke/runtime";
import manifest from "../../package.json" with { type: "json" };
import type { InputShape } from "../model/input.ts";
import { decodeJson } from "./metadata.ts";

/** The JSON beside the tensors. */
export interface Header {
  readonly format: number;
  readonly versions: Readonly<Record<string, string>>;
  readonly layer: unknown;
  readonly inputShape: InputShape;
  readonly preprocessing?: Preprocessing;
  readonly training?: unknown;
}

export const format = 1;
const { name: writer, version } = manifest;
export const versions: Readonly<Record<string, string>> = { [writer]: version };

const required = ["format", "versions", "layer", "inputShape"];
const optional = ["preprocessing", "training"];

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The header of a file: with these entries and no others, whatever is in them.
 *
 * @throws if there is none, on another format, and on entries that are unknown or missing
 */
export function headerOf(text: string | undefined, who: string): Header {
  if (text === undefined) {
    fail(
      who,
      'its metadata has no "hooke" entry; it was not written by Hooke. Read its tensors with decodeSafetensors.',
      "mismatch",
    );
  }
  const header = decodeJson(text, who, 'the "hooke" entry of its metadata');
  const names = isRecord(header) ? Object.keys(header) : [];
  const found = names.includes("format") ? (header as unknown as Header).format : undefined;
  if (found !== format) {
    fail(who, `has format ${found}; this version of ${writer} (${version}) reads format ${format}.`, "unsupported");
  }
  const odd =
    required.find((name) => !names.includes(name)) ?? names.find((name) => ![...required, ...optional].includes(name));
  if (odd !== undefined) {
    const what = names.includes(odd) ? "an unknown entry" : "no entry";
    fail(who, `has ${what} "${odd}" in its header, which has ${quoted([...required, ...optional])}.`, "corrupt-file");
  }
  return header as Header;
}

/** What `body` returns. Whatever it throws is the file's fault, and says so. */
export function asFile<R>(who: string, code: "corrupt-file" | "mismatch", body: () => R): R {
  try {
    return body();
  } catch (error) {
    // A plugin that is not there is no fault of the file.
    if (error instanceof HookeError && error.code === "unavailable") throw error;
    const message = error instanceof HookeError ? error.message : `cannot be rebuilt: ${String(error)}`;
    throw new HookeError(`${who}: ${message}`, { code, cause: error });
  }
}
