// Files that are never seen half written.
import { open, rename, rm } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type Check, checkArgument } from "@hooke/runtime";
import { fileSystemError } from "./file-system-error.ts";
import { removeLeftovers, temporaryPath } from "./leftovers.ts";

/** Expects the path of a file or folder. */
export const pathCheck: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : 'a path, such as "runs/model.safetensors"';

/** Folders in which this process has looked for what killed processes left. */
const tidied = new Set<string>();

/**
 * Writes a file so that a reader, or a crash at any moment, finds either the old content or the new, never a mixture: into a
 * temporary file in the same folder, flushed to disk, then renamed. Temporary files of processes that were killed are removed.
 *
 * @throws with the path and a cure if the disk is full, the folder read-only, the path a folder, ... (`"file-system"`); what was at
 *   the path before is still there
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  checkArgument("writeFileAtomic", "the path", path, pathCheck);
  checkArgument("writeFileAtomic", "the content", content, (value) =>
    typeof value === "string" || value instanceof Uint8Array ? undefined : "text or bytes (a Uint8Array)",
  );
  const folder = dirname(path);
  if (!tidied.has(resolve(folder))) {
    tidied.add(resolve(folder));
    await removeLeftovers(folder);
  }
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileSystemError("writeFileAtomic", "write", path, error);
  }
}

/** Makes a rename durable, where folders can be flushed: not on Windows, nor in every file system. It is whole in any case. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r").catch(() => undefined);
  await handle
    ?.sync()
    .catch(() => undefined)
    .finally(() => handle.close());
}

/** A path as one would type it here: relative to the working directory where it lies below, as given elsewhere. */
export function displayPath(path: string): string {
  checkArgument("displayPath", "the path", path, pathCheck);
  const near = relative("", path);
  return near === ".." || near.startsWith(`..${sep}`) ? path : near || ".";
}
