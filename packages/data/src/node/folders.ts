// Folders: created with all that lead to them, and named after runs.
import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { checkArgument } from "@hooke/runtime";
import { fileSystemError, systemCode } from "./file-system-error.ts";
import { pathCheck } from "./files.ts";

/**
 * Creates a folder, and those above it, where absent.
 *
 * @param who the speaker of errors
 * @throws with the path and a cure (`"file-system"`)
 */
export async function createFolder(path: string, who: string): Promise<void> {
  // Not mkdir's own recursion: where it may not write, it says that the folder does not exist.
  try {
    await mkdir(path);
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" && dirname(path) !== path) {
      await createFolder(dirname(path), who);
      return mkdir(path).catch((again: unknown) => existing(path, who, again));
    }
    return existing(path, who, error);
  }
}

/** @throws unless the error says that the folder is there */
async function existing(path: string, who: string, error: unknown): Promise<void> {
  if (systemCode(error) === "EEXIST" && (await stat(path)).isDirectory()) return;
  throw fileSystemError(who, "create", path, error);
}

/**
 * Creates a new folder `root/2026-11-23_21-05-09-name` (local time) and returns its path. A second run in the same second gets
 * `-2` appended, and so on: an existing folder is never reused.
 *
 * @param root created where absent, e.g. `"runs"`
 * @param name characters other than letters, digits, `.`, `_` and `-` become `-`
 * @param now default the current time
 * @throws with the path and a cure if the folder cannot be created (`"file-system"`)
 */
export async function createRunFolder(root: string, name: string, now = new Date()): Promise<string> {
  checkArgument("createRunFolder", "the root", root, pathCheck);
  checkArgument("createRunFolder", "the name", name, (value) => (typeof value === "string" ? undefined : "a text"));
  checkArgument("createRunFolder", "the time", now, (value) =>
    value instanceof Date && Number.isFinite(value.getTime()) ? undefined : "a Date",
  );
  await createFolder(root, "createRunFolder");
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-");
  const base = join(root, `${date}_${time}-${name.replace(/[^\p{L}\p{N}._-]+/gu, "-")}`);
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? base : `${base}-${attempt}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if (systemCode(error) !== "EEXIST") throw fileSystemError("createRunFolder", "create", folder, error);
    }
  }
}
