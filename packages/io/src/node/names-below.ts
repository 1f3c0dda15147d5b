// What is in a folder and in those in it.
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileSystemError, pathCheck } from "@hooke/data/node";
import { checkArgument } from "@hooke/runtime";
import { naturalOrder } from "../images/natural-order.ts";

/** Paths of files below a folder, with `/`, in natural order. @throws if it cannot be read (`"file-system"`) */
export async function namesBelow(who: string, folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw fileSystemError(who, "read", folder, error);
  });
  return found
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, sep).length).replaceAll(sep, "/"))
    .sort(naturalOrder);
}

/**
 * Paths of the files of a folder, and of those in it, below it, with `/`: in natural order, numbers by value, the same on every machine. Names that begin with a dot are left aside.
 *
 * @throws if it cannot be read (`"file-system"`)
 * @example
 * ```ts no-run
 * import { fileNames } from "@hooke/io/node";
 *
 * console.log((await fileNames("crystals")).filter((name) => name.endsWith(".cif")));
 * ```
 */
export async function fileNames(folder: string): Promise<string[]> {
  checkArgument("fileNames", "the folder", folder, pathCheck);
  return (await namesBelow("fileNames", folder)).filter((name) => !/(^|\/)\./.test(name));
}
