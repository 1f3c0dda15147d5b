// A cache of features in a folder, a file each.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileSystemError, pathCheck, systemCode, temporaryPath } from "@hooke/data/node";
import { checkArgument } from "@hooke/runtime";
import type { FeatureCache } from "../features/cache.ts";

/**
 * Keeps features in a folder, which is made where there is none. Several processes may share it: entries are written whole under names that
 * say what is in them. A damaged one is computed again. Delete the folder to be rid of it.
 *
 * @throws if it cannot be read or written (`"file-system"`)
 */
export function featureFolder(path: string): FeatureCache {
  checkArgument("featureFolder", "the path", path, pathCheck);
  const file = (name: string): string => join(path, name.slice(0, 2), `${name.slice(2)}.safetensors`);
  return {
    async read(name) {
      try {
        return await readFile(file(name));
      } catch (error) {
        if (systemCode(error) === "ENOENT") return undefined;
        throw fileSystemError("featureFolder", "read", file(name), error);
      }
    },
    async write(name, bytes) {
      const target = file(name);
      const temporary = temporaryPath(target);
      try {
        await mkdir(dirname(target), { recursive: true });
        await writeFile(temporary, bytes);
        await rename(temporary, target);
      } catch (error) {
        throw fileSystemError("featureFolder", "write", target, error);
      }
    },
  };
}
