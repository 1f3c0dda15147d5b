// Files of JSON that are written whole, and of which any damage is found.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileSystemError, systemCode, writeFileAtomic } from "@hooke/data/node";
import { fail } from "@hooke/runtime";
import type { Json } from "./values.ts";

function textOf(content: Json): string {
  const sha256 = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${JSON.stringify({ content, sha256 })}\n`;
}

/** @throws if it cannot be written (`"file-system"`) */
export function writeRecord(path: string, content: Json): Promise<void> {
  return writeFileAtomic(path, textOf(content));
}

/**
 * @param who the speaker of errors
 * @param cure what to do where the file is damaged
 * @returns what {@link writeRecord} wrote there; undefined where there is no file
 * @throws if it is damaged (`"corrupt-file"`) or cannot be read (`"file-system"`)
 */
export async function readRecord(who: string, path: string, cure: string): Promise<Json | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw fileSystemError(who, "read", path, error);
  }
  const content = contentOf(text);
  if (content !== undefined && text === textOf(content)) return content;
  return fail(who, `${path} is damaged: it is not as it was written. ${cure}`, "corrupt-file");
}

function contentOf(text: string): Json | undefined {
  try {
    return JSON.parse(text)?.content;
  } catch {
    return undefined;
  }
}
