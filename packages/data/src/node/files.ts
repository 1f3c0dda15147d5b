// Files that are never seen half written.
import { lstat, open, realpath, rename, rm } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { type Check, checkArgument, fail } from "@hooke/runtime";
import { fileSystemError, systemCode } from "./file-system-error.ts";
import { removeLeftovers, temporaryPath } from "./leftovers.ts";

/** Expects the path of a file or folder. */
export const pathCheck: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : 'a path, such as "runs/model.safetensors"';

/** Folders in which this process has looked for what killed processes left. */
const tidied = new Set<string>();

/**
 * Writes a file so that a reader, or a crash at any moment, finds either the old content or the new, never a mixture: into a
 * temporary file in the same folder, flushed to disk, then renamed. A symbolic link stays one: the file that it leads to is
 * written. Temporary files of processes that were killed are removed.
 *
 * @throws with the path and a cure if the disk is full, the folder read-only, what is at the path no file but a folder, device or
 *   pipe, ... (`"file-system"`); what was at the path before is still there
 */
export async function writeFileAtomic(path: string, content: string | Uint8Array): Promise<void> {
  checkArgument("writeFileAtomic", "the path", path, pathCheck);
  checkArgument("writeFileAtomic", "the content", content, (value) =>
    typeof value === "string" || value instanceof Uint8Array ? undefined : "text or bytes (a Uint8Array)",
  );
  const target = await replaceable(path);
  const folder = dirname(target);
  if (!tidied.has(resolve(folder))) {
    tidied.add(resolve(folder));
    await removeLeftovers(folder);
  }
  const temporary = temporaryPath(target);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileSystemError("writeFileAtomic", "write", path, error);
  }
}

/** Where a file of this path lies, or is to lie. @throws if something else is there, or a link to nothing */
async function replaceable(path: string): Promise<string> {
  try {
    const target = await realpath(path);
    const found = await lstat(target);
    if (found.isFile()) return target;
    const kind = found.isDirectory() ? "a folder" : "a device, pipe or socket, and no regular file";
    return fail("writeFileAtomic", `cannot write ${path}: it is ${kind}. Give the path of a file.`, "file-system");
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    // Nothing is there yet, or what keeps it from being read will keep it from being written, which says why.
    const link = await lstat(path).catch(() => undefined);
    if (!link?.isSymbolicLink()) return path;
    return fail("writeFileAtomic", `cannot write ${path}: it is a link that leads nowhere. Remove it.`, "file-system");
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
