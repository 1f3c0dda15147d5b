// Files of JSON that are written whole, and of which any damage is found.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileSystemError, systemCode, writeFileAtomic } from "@hooke/data/node";
import { type Check, fail, quoted } from "@hooke/runtime";
import type { Json } from "./values.ts";

function textOf(content: Json): string {
  const sha256 = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${JSON.stringify({ content, sha256 })}\n`;
}

/** Expects a record with these parts. */
export const partsCheck =
  (parts: Readonly<Record<string, (part: Json | undefined) => boolean>>): Check =>
  (value) => {
    const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
    const own = (name: string): Json | undefined =>
      Object.hasOwn(value as object, name) ? (value as Readonly<Record<string, Json>>)[name] : undefined;
    return isRecord && Object.entries(parts).every(([name, test]) => test(own(name)))
      ? undefined
      : `a record of ${quoted(Object.keys(parts))}`;
  };

/** Tests of parts. */
export const isNumber = (part: Json | undefined): boolean => typeof part === "number";
export const isText = (part: Json | undefined): boolean => typeof part === "string";
export const isThere = (part: Json | undefined): boolean => part !== undefined;

/** @throws if it cannot be written (`"file-system"`) */
export function writeRecord(path: string, content: Json): Promise<void> {
  return writeFileAtomic(path, textOf(content));
}

/**
 * @param who the speaker of errors
 * @param cure what to do where the file is damaged, or of another version
 * @param check expects what is kept there
 * @returns what {@link writeRecord} wrote there; undefined where there is no file
 * @throws if it is damaged or holds something else (`"corrupt-file"`) or cannot be read (`"file-system"`)
 */
export async function readRecord(who: string, path: string, cure: string, check: Check): Promise<Json | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw fileSystemError(who, "read", path, error);
  }
  const content = contentOf(text);
  if (content !== undefined && text === textOf(content)) {
    const expected = check(content);
    if (expected === undefined) return content;
    return fail(who, `${path} was written by another version: it does not hold ${expected}. ${cure}`, "corrupt-file");
  }
  return fail(who, `${path} is damaged: it is not as it was written. ${cure}`, "corrupt-file");
}

function contentOf(text: string): Json | undefined {
  try {
    return JSON.parse(text)?.content;
  } catch {
    return undefined;
  }
}
