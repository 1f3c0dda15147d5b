// Files that are read by parts, wherever they are: on a disk, in a page, on a server.
import { type Check, fail, HookeError } from "@hooke/runtime";

/** A file that is read by parts. */
export interface ByteFile {
  /** What errors call it, such as its path; its ending says what it holds. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * The bytes from `begin` to before `end`.
   *
   * @throws if they cannot be read, or if the file is no longer the one that it was
   */
  read(begin: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
}

const isByteFile = (value: unknown): boolean => {
  const { name, size, read } = (value ?? {}) as Partial<ByteFile>;
  return typeof name === "string" && Number.isSafeInteger(size) && size! >= 0 && typeof read === "function";
};

/** Expects {@link ByteFile}s. */
export const byteFilesCheck: Check = (value) =>
  Array.isArray(value) && value.every(isByteFile)
    ? undefined
    : "a list of files that are read by parts: localFiles of @hooke/io/node, blobFile, httpFile";

/**
 * Bytes of a file.
 *
 * @param what what they are, such as `rows 0 to 31`
 * @throws with the file, what was to be read and where it stands; the signal's reason if it is aborted
 */
export async function readBytes(
  { name, size, read }: ByteFile,
  begin: number,
  end: number,
  what: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const place = `${what} (bytes ${begin} to ${end})`;
  if (end > size) {
    fail(name, `has ${size} bytes, and ${place} end beyond them: it is cut short or damaged.`, "corrupt-file");
  }
  let bytes: Uint8Array;
  try {
    bytes = await read(begin, end, signal);
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof HookeError ? cause.code : "file-system";
    throw new HookeError(`${name}: ${place} cannot be read: ${reason}`, { code, cause });
  }
  if (bytes.length === end - begin) return bytes;
  return fail(name, `${place}: ${bytes.length} bytes came; it was changed or cut short meanwhile.`, "corrupt-file");
}
