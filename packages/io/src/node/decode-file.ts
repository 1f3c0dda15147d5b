// Files from disk, for every decoder of this package.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { fileSystemError, pathCheck } from "@hooke/data/node";
import { checkArgument, fail, show } from "@hooke/runtime";
import type { SourceOptions } from "../source.ts";

/**
 * Reads a file and decodes it.
 *
 * @param decode a decoder of this package, such as `decodeNpy`
 * @param options the decoder's; `source` defaults to the file's name
 * @throws if the file cannot be read (`"file-system"`), and as the decoder does
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { decodeNpy } from "@hooke/io/numpy";
 *
 * const strain = await decodeFile("strain.npy", decodeNpy, { int64: "f64" });
 * ```
 */
export async function decodeFile<T, O extends SourceOptions>(
  path: string | URL,
  decode: (bytes: Uint8Array, options?: O) => T,
  options?: O,
): Promise<Awaited<T>> {
  checkArgument("decodeFile", "the path", path, (value) => (value instanceof URL ? undefined : pathCheck(value)));
  if (typeof decode !== "function") {
    fail("decodeFile", `received ${show(decode)} as a decoder; give a function, such as decodeNpy.`);
  }
  const local = path instanceof URL ? fileURLToPath(path) : path;
  const bytes = await readFile(local).catch((error: unknown) => {
    throw fileSystemError("decodeFile", "read", local, error);
  });
  return await decode(bytes, { source: basename(local), ...options } as O);
}
