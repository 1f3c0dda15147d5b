// Files that are never seen half written, and run folders that never overwrite one another.
import { randomUUID } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";

/**
 * Writes a file so that a reader, or a crash at any moment, finds either the old content or the new, never a mixture: into a
 * temporary file in the same folder, flushed to disk, then renamed.
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Makes a rename durable. Windows cannot open folders and needs no such call. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Creates a new folder `root/2026-11-23_21-05-09-name` (local time) and returns its path. A second run in the same second gets
 * `-2` appended, and so on: an existing folder is never reused.
 *
 * @param root created where absent, e.g. `"runs"`
 * @param name characters other than letters, digits, `.`, `_` and `-` become `-`
 * @param now default the current time
 */
export async function createRunFolder(root: string, name: string, now = new Date()): Promise<string> {
  await mkdir(root, { recursive: true });
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
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** A path as one would type it here: relative to the working directory where it lies below, as given elsewhere. */
export function displayPath(path: string): string {
  const near = relative("", path);
  return near === ".." || near.startsWith(`..${sep}`) ? path : near || ".";
}
