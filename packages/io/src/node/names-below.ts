// What is in a folder and in those in it.
import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import { fileSystemError } from "@hooke/data/node";
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
