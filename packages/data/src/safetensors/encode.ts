// Writing the safetensors format: 8 bytes of header length (little-endian), a JSON header, then raw tensor bytes without gaps.
// Source: https://huggingface.co/docs/safetensors
import {
  type Check,
  checkArgument,
  checkHostArray,
  checkOptions,
  checks,
  type DType,
  fail,
  type HostArray,
  show,
} from "@hooke/runtime";
import { scheme, unknownChecksum, writeChecksum } from "./checksum.ts";

/** Options of {@link encodeSafetensors}. */
export interface EncodeSafetensorsOptions {
  /**
   * Adds a checksum of the whole file, CRC-32C, as the metadata entry `checksum`: {@link decodeSafetensors} then refuses the
   * file if any bit of it has changed. Other readers see one more entry. Default false.
   */
  readonly checksum?: boolean;
}

const storedNames: Readonly<Record<DType, string>> = { f64: "F64", f32: "F32", u32: "U32", i32: "I32", bool: "BOOL" };
/** Tensors are laid out from the widest dtype to the narrowest, so that each is aligned; the reference writer's order. */
const layoutOrder: readonly DType[] = ["f64", "f32", "u32", "i32", "bool"];
const reserved = "__metadata__";

/**
 * Encodes tensors as a safetensors file; without a checksum, byte for byte what the reference implementation writes.
 *
 * @param metadata text entries stored beside them
 * @throws on a tensor called `__metadata__`, and on a metadata entry that is no text or looks like a checksum
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, HostArray>>,
  metadata: Readonly<Record<string, string>> = {},
  options: EncodeSafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  checkOptions<EncodeSafetensorsOptions>("encodeSafetensors", options, { optional: { checksum: checks.flag } });
  const record: Check = (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? undefined : "a record by name";
  checkArgument("encodeSafetensors", "the tensors", tensors, record);
  checkArgument("encodeSafetensors", "the metadata", metadata, record);
  const odd = Object.entries(metadata).find(([, text]) => typeof text !== "string");
  if (odd !== undefined) {
    const [name, value] = odd;
    fail(
      "encodeSafetensors",
      `the metadata entry "${name}" is ${show(value)}; entries are text, such as String(value) or JSON.stringify(value).`,
    );
  }
  for (const [name, tensor] of Object.entries(tensors)) checkHostArray(`encodeSafetensors: "${name}"`, tensor);
  return writeSafetensors(Object.entries(tensors), metadata, options.checksum === true);
}

/** {@link encodeSafetensors} of tensors by name, no name twice. */
export function writeSafetensors(
  tensors: readonly (readonly [string, HostArray])[],
  metadata: Readonly<Record<string, string>>,
  checksum: boolean,
): Uint8Array<ArrayBuffer> {
  const entries = [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      layoutOrder.indexOf(a.dtype) - layoutOrder.indexOf(b.dtype) || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  );
  let size = 0;
  const described = entries.map(([name, { dtype, shape, data }]): [string, string] => {
    if (name === reserved)
      fail("safetensors", `received a tensor called "${reserved}", which the format reserves; rename it.`);
    const begin = size;
    size += data.byteLength;
    return [name, JSON.stringify({ dtype: storedNames[dtype], shape, data_offsets: [begin, size] })];
  });
  const texts = metadataEntries(metadata, checksum);
  if (texts.length > 0) described.unshift([reserved, objectText(texts)]);
  const json = new TextEncoder().encode(objectText(described));
  const headerSize = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerSize + size).fill(0x20, 8, 8 + headerSize);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerSize), true);
  file.set(json, 8);
  let at = 8 + headerSize;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  if (checksum) writeChecksum(file);
  return file;
}

/** Metadata as JSON texts, the checksum first. */
function metadataEntries(metadata: Readonly<Record<string, string>>, checksum: boolean): [string, string][] {
  const { checksum: given, ...rest } = metadata;
  if (given !== undefined && (checksum || given.startsWith(scheme))) {
    fail(
      "safetensors",
      `received the metadata entry "checksum", ${given}; it is written by the option checksum: true.`,
    );
  }
  const all = checksum ? [["checksum", unknownChecksum] as const, ...Object.entries(rest)] : Object.entries(metadata);
  return all.map(([name, text]) => [name, JSON.stringify(text)]);
}

/** JSON text of an object whose entries keep their order: in a JavaScript object names that are numbers would come first. */
const objectText = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(",")}}`;
