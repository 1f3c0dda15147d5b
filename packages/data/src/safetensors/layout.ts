// Where the tensors of a safetensors file stand, for those that read parts of it.
import { foreignDTypes, ownDTypes } from "./dtypes.ts";
import { checkLayout, type Entry, headerEnd, readHeader } from "./header.ts";

/** What a safetensors file holds, without its tensors. */
export interface SafetensorsLayout {
  /** `begin` and `end` count from `dataStart`. */
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the tensors begin. */
  readonly dataStart: number;
  /** The bytes before them. */
  readonly header: Uint8Array;
}

/** Bytes that are read at first: the headers of files of some hundred tensors. */
const firstRead = 16_384;

/**
 * Reads the header of a file of `size` bytes. A checksum of the whole file, where it has one, is not compared.
 *
 * @param read reads the bytes from `begin` to before `end`
 * @throws on everything a header cannot be, and unless its tensors fill the file
 */
export async function readSafetensorsLayout(
  read: (begin: number, end: number) => Promise<Uint8Array>,
  size: number,
  who: string,
): Promise<SafetensorsLayout> {
  const first = await read(0, Math.min(firstRead, size));
  const dataStart = headerEnd(first, size, who);
  const header = dataStart <= first.length ? first.slice(0, dataStart) : await read(0, dataStart);
  const { entries, metadata } = readHeader(header, who, { ...ownDTypes, ...foreignDTypes("f64") });
  checkLayout(entries, size - dataStart, who);
  return { entries, metadata, dataStart, header };
}
