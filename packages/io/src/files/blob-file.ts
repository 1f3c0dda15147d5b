// Files that a reader of a page chose or dropped, by parts.
import { checkArgument } from "@hooke/runtime";
import type { ByteFile } from "./byte-file.ts";

/**
 * A file of a page, such as one of the `.files` of an input element. Browsers refuse to read one that has changed since it was chosen.
 *
 * @param name default: its own, with the folders that it was chosen in
 */
export function blobFile(blob: Blob, name?: string): ByteFile {
  checkArgument("blobFile", "the file", blob, (value) =>
    value instanceof Blob ? undefined : "a File or a Blob with a name",
  );
  const own = (blob as Partial<File>).webkitRelativePath || (blob as Partial<File>).name;
  const called = name ?? own;
  checkArgument("blobFile", "the name", called, (value) => (typeof value === "string" ? undefined : "text"));
  return {
    name: called!,
    size: blob.size,
    read: async (begin, end, signal) => {
      const bytes = await blob.slice(begin, end).arrayBuffer();
      signal?.throwIfAborted();
      return new Uint8Array(bytes);
    },
  };
}
