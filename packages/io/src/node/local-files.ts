// Files on a disk, by parts.
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { displayPath, fileSystemError, pathCheck } from "@hooke/data/node";
import { checkArgument, fail } from "@hooke/runtime";
import type { ByteFile } from "../files/byte-file.ts";
import { namesBelow } from "./names-below.ts";

/**
 * A file on a disk, which is opened for each part that is read.
 *
 * @throws if it cannot be read (`"file-system"`); where parts of it are read, if it was changed since
 */
export async function localFile(path: string): Promise<ByteFile> {
  checkArgument("localFile", "the path", path, pathCheck);
  const name = displayPath(path);
  const failed = (error: unknown): never => {
    throw fileSystemError("localFile", "read", name, error);
  };
  const { size, mtimeMs } = await stat(path).catch(failed);
  return {
    name,
    size,
    async read(begin, end) {
      const file = await open(path).catch(failed);
      try {
        const now = await file.stat();
        if (now.size !== size || now.mtimeMs !== mtimeMs) {
          fail(name, "was changed since it was opened. Open it anew, and let it be while it is read.", "mismatch");
        }
        const bytes = new Uint8Array(end - begin);
        for (let at = 0; at < bytes.length; ) {
          const { bytesRead } = await file.read(bytes, at, bytes.length - at, begin + at);
          if (bytesRead === 0) return bytes.subarray(0, at);
          at += bytesRead;
        }
        return bytes;
      } finally {
        await file.close();
      }
    },
  };
}

/**
 * The files of a folder, and of those in it, that end in this way: in natural order, numbers by value.
 *
 * @param ending default `.safetensors`
 * @throws if the folder cannot be read (`"file-system"`), or holds no such file
 * @example
 * ```ts no-run
 * import { localFiles } from "@hooke/io/node";
 * import { openShards } from "@hooke/io/shards";
 *
 * const data = await openShards(await localFiles("scans"), { inputs: "images", targets: "stiffness" });
 * ```
 */
export async function localFiles(folder: string, ending = ".safetensors"): Promise<ByteFile[]> {
  checkArgument("localFiles", "the folder", folder, pathCheck);
  checkArgument("localFiles", "the ending", ending, (value) =>
    typeof value === "string" && value !== "" ? undefined : 'the end of a name, such as ".parquet"',
  );
  const isShown = (name: string): boolean => !/(^|\/)\./.test(name);
  const names = (await namesBelow("localFiles", folder)).filter((name) => name.endsWith(ending) && isShown(name));
  if (names.length === 0) {
    fail("localFiles", `${displayPath(folder)} holds no file that ends in ${JSON.stringify(ending)}.`, "file-system");
  }
  return Promise.all(names.map((name) => localFile(join(folder, name))));
}
