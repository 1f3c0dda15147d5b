// Paths that were typed: what is not there is refused with what is nearest to it.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fail, suggestion } from "@hooke/runtime";

/** @throws where nothing is at a path, with the name in its folder that is nearest to it; other troubles are for who reads it */
export async function checkPresent(path: string): Promise<void> {
  const isMissing = await stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
  if (!isMissing) return;
  const near = suggestion(basename(path), await readdir(dirname(path)).catch(() => []));
  fail("hooke", `there is no file "${path}".${near} Paths are relative to ${process.cwd()}.`, "file-system");
}
