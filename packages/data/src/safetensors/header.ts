// The header of a safetensors file: what it must look like, checked before anything is allocated for what it declares.
import { fail, type Shape, sizeOf } from "@hooke/runtime";
import { scheme } from "./checksum.ts";
import type { StoredDTypes } from "./dtypes.ts";
import { parseJson } from "./parse-json.ts";

const maxHeaderBytes = 100_000_000;
const reserved = "__metadata__";

/** A tensor as the header describes it. */
export interface Entry {
  readonly name: string;
  /** The dtype's name in the format. */
  readonly stored: string;
  readonly shape: Shape;
  /** Bytes of the data part. */
  readonly begin: number;
  readonly end: number;
}

/** A header that makes sense, and the data after it. */
export interface Header {
  readonly entries: readonly Entry[];
  /** Without the checksum. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What `checksumOf` found. */
  readonly checksum: string | undefined;
  readonly data: Uint8Array;
}

/** All that is wrong with a file is the file's fault. */
const refuse = (who: string, what: string): never => fail(who, what, "corrupt-file");

/** Where the header of a file ends, by its first bytes, 8 at least. @throws unless it ends within the file's `size` */
export function headerEnd(bytes: Uint8Array, size: number, who: string): number {
  if (bytes.length < 8) {
    refuse(
      who,
      `the file has ${bytes.length} bytes; a safetensors file starts with 8 that state the header's length. It is truncated or of another kind.`,
    );
  }
  const stated = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (stated > BigInt(maxHeaderBytes)) {
    refuse(
      who,
      `the header claims ${stated} bytes; the limit is ${maxHeaderBytes}. This is no safetensors file, or a damaged one.`,
    );
  }
  const end = 8 + Number(stated);
  if (end > size) {
    refuse(who, `the header claims ${stated} bytes and ${size - 8} follow; the file is truncated or of another kind.`);
  }
  return end;
}

/**
 * Reads the header.
 *
 * @param checksumOf finds the file's checksum and throws if it is wrong, before the rest is looked at: damage is called
 *   damage. Default: a checksum is passed over
 * @throws on everything a header cannot be
 */
export function readHeader(
  bytes: Uint8Array,
  who: string,
  dtypes: StoredDTypes,
  checksumOf?: (bytes: Uint8Array, who: string) => string | undefined,
): Header {
  // Not instanceof: bytes may come from another realm.
  if (Object.prototype.toString.call(bytes) !== "[object Uint8Array]") {
    fail(who, `received ${typeof bytes === "string" ? "text" : "something else"}; a file is read as a Uint8Array.`);
  }
  const end = headerEnd(bytes, bytes.length, who);
  const checksum = checksumOf?.(bytes, who);
  const text = textOf(bytes.subarray(8, end), who);
  const header = parseJson(text, who, "the header");
  if (!isRecord(header) || !text.startsWith("{")) {
    return refuse(who, `the header is ${text.slice(0, 20).trim()}...; it must be a JSON object and start with "{".`);
  }
  const { [reserved]: stored = {}, ...tensors } = header;
  const metadata = readMetadata(stored, checksumOf === undefined || checksum !== undefined, who);
  const entries = Object.entries(tensors).map(([name, entry]) => readEntry(name, entry, dtypes, who));
  return { entries, metadata, checksum, data: bytes.subarray(end) };
}

function textOf(bytes: Uint8Array, who: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse(who, "the header is not valid UTF-8; the file is damaged or of another kind.");
  }
}

function readMetadata(value: unknown, settled: boolean, who: string): Readonly<Record<string, string>> {
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== "string")) {
    return refuse(who, `"${reserved}" is ${short(value)}; it must map names to text.`);
  }
  const entries = Object.entries(value as Record<string, string>);
  const metadata: Record<string, string> = Object.create(null);
  for (const [name, text] of entries) {
    if (name === "checksum" && text.startsWith(scheme)) {
      // Another writer keeps the entry, not its place, and does not know what it stands for.
      if (!settled) {
        refuse(
          who,
          "its checksum does not stand first in the header: the file was changed by another program since the checksum was " +
            'taken. Read it with decodeSafetensors and checksum: "ignore" if that is well.',
        );
      }
      continue;
    }
    metadata[name] = text;
  }
  return metadata;
}

const fields = ["dtype", "shape", "data_offsets"];

function readEntry(name: string, entry: unknown, dtypes: StoredDTypes, who: string): Entry {
  const tensor = `tensor "${name}"`;
  if (!isRecord(entry)) {
    return refuse(who, `${tensor} is described by ${short(entry)}; expected {"dtype", "shape", "data_offsets"}.`);
  }
  const unknown = Object.keys(entry).find((field) => !fields.includes(field));
  if (unknown !== undefined) {
    refuse(who, `${tensor} is described by "${unknown}" too; the format knows ${fields.join(", ")} and nothing else.`);
  }
  const { dtype: stored, shape, data_offsets: offsets } = entry;
  if (typeof stored !== "string") return refuse(who, `${tensor} has the dtype ${short(stored)}; a dtype is a name.`);
  // Of a dtype that is not known here, only the place can be checked; it is refused where it is read.
  const width = Object.hasOwn(dtypes, stored) ? dtypes[stored]!.size : undefined;
  if (!isCounts(shape) || !Number.isSafeInteger(sizeOf(shape) * (width ?? 1))) {
    return refuse(who, `${tensor} has the shape ${short(shape)}; a shape is a list of whole numbers from 0.`);
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    return refuse(
      who,
      `${tensor} has the data offsets ${short(offsets)}; expected [begin, end] with 0 <= begin <= end.`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape) * (width ?? 0);
  if (width !== undefined && end - begin !== size) {
    refuse(
      who,
      `${tensor} is ${stored} of shape [${shape.join(", ")}], which takes ${size} bytes; its data offsets [${begin}, ${end}] hold ${end - begin}.`,
    );
  }
  return { name, stored, shape, begin, end };
}

/** Tensors must tile the data: no gap, no overlap, nothing missing, nothing left over. */
export function checkLayout(entries: readonly Entry[], available: number, who: string): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  const beyond = sorted.find(({ end }) => end > available);
  if (beyond !== undefined) {
    refuse(
      who,
      `tensor "${beyond.name}" ends at byte ${beyond.end} of the data, which has ${available}; the file is truncated or its offsets are wrong.`,
    );
  }
  let at = 0;
  let previous = "";
  for (const { name, begin, end } of sorted) {
    if (begin > at)
      refuse(
        who,
        `bytes ${at} to ${begin} of the data, before tensor "${name}", belong to no tensor; holes are not allowed.`,
      );
    if (begin < at)
      refuse(
        who,
        `tensor "${name}" starts at byte ${begin} of the data, inside tensor "${previous}", which ends at ${at}.`,
      );
    at = end;
    previous = name;
  }
  if (at < available) refuse(who, `${available - at} bytes follow the last tensor; the file must end with it.`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
