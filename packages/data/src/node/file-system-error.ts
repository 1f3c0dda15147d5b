// What the operating system says of a file, as a sentence with a cure.
import { HookeError } from "@hooke/runtime";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "there is no space left on the device. Make room there, or choose another folder",
  EDQUOT: "your quota of the device is used up. Make room there, or choose another folder",
  EFBIG:
    "the file would be larger than this process or file system allows. Raise the limit (ulimit -f), or choose another folder",
  EROFS: "the file system is read-only. Choose another folder",
  EACCES: "permission is denied. Change the permissions, or choose another folder",
  EPERM: "permission is denied. Change the permissions, or choose another folder",
  EISDIR: "it is a folder. Give the path of a file",
  ENOENT: "its folder does not exist. Create it, or correct the path",
  ENOTDIR: "a part of the path is a file, not a folder. Correct the path",
  EEXIST: "there is a file of that name. Move it, or choose another name",
  ENAMETOOLONG: "the name is too long. Choose a shorter one",
  EMFILE: "too many files are open. Close some, or raise the limit (ulimit -n)",
  EIO: "the device failed. Look after it, and choose another one",
};

/** Of what is only read. */
const readingReasons: Readonly<Record<string, string>> = {
  ...reasons,
  ENOENT: "there is nothing at this path. Correct it",
  EACCES: "permission is denied. Change the permissions",
  EPERM: "permission is denied. Change the permissions",
  EIO: "the device failed. Look after it",
};

/** The code of an operating system's error, e.g. `"ENOSPC"`; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

/**
 * A `HookeError` with the code `"file-system"` that says what could not be done to a path, why, and what to do. An error that
 * does not come from the operating system is returned as it is.
 *
 * @param action what was tried, e.g. `"write"`; of `"read"` other things are to be done
 */
export function fileSystemError(who: string, action: string, path: string, error: unknown): unknown {
  const code = systemCode(error);
  if (code === undefined) return error;
  const known = action === "read" ? readingReasons : reasons;
  const reason = Object.hasOwn(known, code) ? known[code] : (error as Error).message;
  return new HookeError(`${who}: cannot ${action} ${path} (${code}): ${reason}.`, {
    code: "file-system",
    cause: error,
  });
}
