// Reading the safetensors format. Reading trusts nothing: every way a file can be malformed has its message.
import { fail, type HostArray, zeros } from "@hooke/runtime";
import { readChecksum } from "./checksum.ts";
import type { StoredDTypes } from "./dtypes.ts";
import { checkLayout, type Entry, readHeader } from "./header.ts";

/** Tensors by name, and the free text entries of the header. Neither record has a prototype. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, HostArray>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** `"crc32c:..."` where the file had a checksum, which it matched. */
  readonly checksum?: string;
}

/**
 * Reads a file whose tensors have these dtypes.
 *
 * @param checked whether a checksum, where there is one, must match. Default true
 * @param select the tensors to read. Default: all
 */
export function readSafetensors(
  bytes: Uint8Array,
  who: string,
  dtypes: StoredDTypes,
  checked = true,
  select: (entries: readonly Entry[]) => readonly Entry[] = (entries) => entries,
): Safetensors {
  const { entries, metadata, data, checksum } = readHeader(bytes, who, dtypes, checked ? readChecksum : undefined);
  checkLayout(entries, data.length, who);
  const tensors: Record<string, HostArray> = Object.create(null);
  for (const entry of select(entries)) tensors[entry.name] = readTensor(entry, data, dtypes, who);
  return { tensors, metadata, ...(checksum !== undefined && { checksum }) };
}

function readTensor({ name, stored, shape, begin, end }: Entry, data: Uint8Array, dtypes: StoredDTypes, who: string) {
  if (!Object.hasOwn(dtypes, stored)) {
    fail(
      who,
      `tensor "${name}" has the dtype "${stored}"; Hooke reads ${Object.keys(dtypes).join(", ")}. ` +
        "Convert it before saving, e.g. tensor.float() in PyTorch, or leave it out with names.",
      "unsupported",
    );
  }
  const { dtype, read } = dtypes[stored]!;
  const tensor = zeros(shape, dtype);
  const misfit = read(new Uint8Array(data.subarray(begin, end)), tensor.data);
  if (misfit !== undefined) {
    const { index, value, expected } = misfit;
    const what = `tensor "${name}" is ${stored} and holds ${value} at element ${index}; ${expected}.`;
    if (stored === "BOOL") fail(who, what, "corrupt-file");
    fail(who, `${what} The option names leaves tensors out.`, "unsupported");
  }
  return tensor;
}
