// The safetensors format: 8 bytes of header length (little-endian), a JSON header, then raw tensor bytes without gaps.
// Source: https://huggingface.co/docs/safetensors. Reading trusts nothing: every way a file can be malformed has its message.
import { byteSize, type DType, fail, type HostArray, type Shape, sizeOf, zeros } from "@hooke/runtime";
import { duplicateKey } from "./duplicate-key.ts";

/** Tensors by name, and the free text entries of the header. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, HostArray>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const storedNames: Readonly<Record<DType, string>> = { f64: "F64", f32: "F32", u32: "U32", i32: "I32", bool: "BOOL" };
/** Tensors are laid out from the widest dtype to the narrowest, so that each is aligned; the reference writer's order. */
const layoutOrder: readonly DType[] = ["f64", "f32", "u32", "i32", "bool"];
const maxHeaderBytes = 100_000_000;
const reserved = "__metadata__";

const bytesOf = ({ data }: HostArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/**
 * Encodes tensors as a safetensors file, byte for byte what the reference implementation writes.
 *
 * @param metadata text entries stored beside them
 * @throws on a tensor called `__metadata__`
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, HostArray>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).sort(
    ([nameA, a], [nameB, b]) =>
      layoutOrder.indexOf(a.dtype) - layoutOrder.indexOf(b.dtype) || (nameA < nameB ? -1 : nameA > nameB ? 1 : 0),
  );
  const header: [string, unknown][] = Object.keys(metadata).length > 0 ? [[reserved, metadata]] : [];
  let size = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === reserved)
      fail("safetensors", `received a tensor called "${reserved}", which the format reserves; rename it.`);
    const end = size + data.byteLength;
    header.push([name, { dtype: storedNames[dtype], shape, data_offsets: [size, end] }]);
    size = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerSize = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerSize + size).fill(0x20, 8, 8 + headerSize);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerSize), true);
  file.set(json, 8);
  let at = 8 + headerSize;
  for (const [, tensor] of entries) {
    file.set(bytesOf(tensor), at);
    at += tensor.data.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file. Tensors are copies: they do not hold on to `bytes`.
 *
 * @param who the speaker of errors, e.g. the file's path. Default `"safetensors"`
 * @throws on every malformed file, and on dtypes other than F64, F32, U32, I32 and BOOL, naming the tensor
 */
export function decodeSafetensors(bytes: Uint8Array, who = "safetensors"): Safetensors {
  const { header, data } = splitHeader(bytes, who);
  const metadata = readMetadata(header[reserved], who);
  const entries = Object.entries(header).flatMap(([name, entry]) =>
    name === reserved ? [] : [readEntry(name, entry, who)],
  );
  checkLayout(entries, data.length, who);
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => {
    const tensor = zeros(shape, dtype);
    bytesOf(tensor).set(data.subarray(begin, end));
    const odd = dtype === "bool" ? tensor.data.findIndex((value) => value > 1) : -1;
    if (odd >= 0)
      fail(
        who,
        `tensor "${name}" is BOOL and holds the byte ${tensor.data[odd]} at element ${odd}; only 0 and 1 are allowed.`,
      );
    return [name, tensor] as const;
  });
  return { tensors: Object.fromEntries(tensors), metadata };
}

interface Entry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

function splitHeader(bytes: Uint8Array, who: string): { header: Readonly<Record<string, unknown>>; data: Uint8Array } {
  if (bytes.length < 8) {
    fail(
      who,
      `the file has ${bytes.length} bytes; a safetensors file starts with 8 that state the header's length. It is truncated or of another kind.`,
    );
  }
  const stated = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (stated > BigInt(maxHeaderBytes)) {
    fail(
      who,
      `the header claims ${stated} bytes; the limit is ${maxHeaderBytes}. This is no safetensors file, or a damaged one.`,
    );
  }
  const headerSize = Number(stated);
  if (8 + headerSize > bytes.length) {
    fail(
      who,
      `the header claims ${headerSize} bytes and ${bytes.length - 8} follow; the file is truncated or of another kind.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + headerSize));
  } catch {
    fail(who, "the header is not valid UTF-8; the file is damaged or of another kind.");
  }
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    fail(who, `the header is not valid JSON (${(error as Error).message}); the file is damaged or of another kind.`);
  }
  if (!isRecord(header) || !text.startsWith("{")) {
    fail(who, `the header is ${text.slice(0, 20).trim()}...; it must be a JSON object and start with "{".`);
  }
  const repeated = duplicateKey(text);
  if (repeated !== undefined)
    fail(who, `the header has the key "${repeated}" twice; the file was written by a faulty program.`);
  return { header, data: bytes.subarray(8 + headerSize) };
}

function readMetadata(value: unknown, who: string): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (!isRecord(value) || Object.values(value).some((text) => typeof text !== "string")) {
    fail(who, `"${reserved}" is ${short(value)}; it must map names to text.`);
  }
  return value as Record<string, string>;
}

function readEntry(name: string, entry: unknown, who: string): Entry {
  const tensor = `tensor "${name}"`;
  if (!isRecord(entry))
    fail(who, `${tensor} is described by ${short(entry)}; expected {"dtype", "shape", "data_offsets"}.`);
  const { dtype: stored, shape, data_offsets: offsets } = entry;
  const dtype = layoutOrder.find((candidate) => storedNames[candidate] === stored);
  if (dtype === undefined) {
    fail(
      who,
      `${tensor} has the dtype ${short(stored)}; Hooke reads ${Object.values(storedNames).join(", ")}. Convert it before saving, e.g. tensor.float() in PyTorch.`,
    );
  }
  if (!isCounts(shape) || !Number.isSafeInteger(sizeOf(shape) * byteSize[dtype])) {
    fail(who, `${tensor} has the shape ${short(shape)}; a shape is a list of whole numbers from 0.`);
  }
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    fail(who, `${tensor} has the data offsets ${short(offsets)}; expected [begin, end] with 0 <= begin <= end.`);
  }
  const [begin, end] = offsets as [number, number];
  const size = sizeOf(shape) * byteSize[dtype];
  if (end - begin !== size) {
    fail(
      who,
      `${tensor} is ${stored} of shape [${shape.join(", ")}], which takes ${size} bytes; its data offsets [${begin}, ${end}] hold ${end - begin}.`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Tensors must tile the data: no gap, no overlap, nothing missing, nothing left over. */
function checkLayout(entries: readonly Entry[], available: number, who: string): void {
  const sorted = [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end);
  const beyond = sorted.find(({ end }) => end > available);
  if (beyond !== undefined) {
    fail(
      who,
      `tensor "${beyond.name}" ends at byte ${beyond.end} of the data, which has ${available}; the file is truncated or its offsets are wrong.`,
    );
  }
  let at = 0;
  let previous = "";
  for (const { name, begin, end } of sorted) {
    if (begin > at)
      fail(
        who,
        `bytes ${at} to ${begin} of the data, before tensor "${name}", belong to no tensor; holes are not allowed.`,
      );
    if (begin < at)
      fail(
        who,
        `tensor "${name}" starts at byte ${begin} of the data, inside tensor "${previous}", which ends at ${at}.`,
      );
    at = end;
    previous = name;
  }
  if (at < available) fail(who, `${available - at} bytes follow the last tensor; the file must end with it.`);
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
