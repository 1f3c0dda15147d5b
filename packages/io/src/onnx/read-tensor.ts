// Tensors in ONNX files: their bytes stand in the file in one piece, number by number, or in another file.
// Source: https://github.com/onnx/onnx/blob/v1.16.0/onnx/onnx.proto
import { fail, type Shape, sizeOf } from "@hooke/runtime";
import { type Field, fieldsOf, varintsOf } from "../read-protobuf.ts";
import { type StoredName, storedSize } from "../stored-array.ts";

/** A tensor before it is read. */
export interface OnnxTensor {
  readonly name: string;
  /** What it is of; a text, such as `"strings"`, of types that have no array here. */
  readonly type: { readonly stored: StoredName } | { readonly other: string };
  readonly shape: Shape;
  /** Its bytes, least significant first, or where they are. */
  readonly content: Uint8Array | OnnxPlace;
}

/** A part of another file. */
export interface OnnxPlace {
  /** Its path from the folder of the ONNX file. */
  readonly location: string;
  readonly offset: number;
  /** Undefined: to the end. */
  readonly length: number | undefined;
}

const types: Readonly<Record<number, StoredName>> = {
  1: "F32",
  2: "U8",
  3: "I8",
  4: "U16",
  5: "I16",
  6: "I32",
  7: "I64",
  9: "BOOL",
  10: "F16",
  11: "F64",
  12: "U32",
  13: "U64",
  16: "BF16",
  19: "F8_E5M2",
};
const others: Readonly<Record<number, string>> = {
  8: "strings",
  14: "complex64",
  15: "complex128",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
};

/** Reads the message of a tensor. */
export function readTensor(message: Uint8Array, who: string): OnnxTensor {
  let name = "";
  let type = 0;
  let isExternal = false;
  let raw: Uint8Array | undefined;
  const dims: (number | bigint)[] = [];
  const pieces: Uint8Array[] = [];
  const numbers: (number | bigint)[] = [];
  const place = new Map<string, string>();
  for (const field of fieldsOf(message, who)) {
    const { number, value } = field;
    if (number === 1) dims.push(...whole(field, who));
    else if (number === 2 && field.kind === "varint") type = Number(value);
    else if (number === 4 || number === 10) pieces.push(bytesOf(field, who));
    else if (number === 5 || number === 7 || number === 11) for (const each of whole(field, who)) numbers.push(each);
    else if (number === 8) name = textOf(field, who);
    else if (number === 9) raw = bytesOf(field, who);
    else if (number === 13) entry(bytesOf(field, who), place, who);
    else if (number === 14) isExternal = value === 1;
  }
  const what = `tensor ${JSON.stringify(name)}`;
  const damaged = (why: string): never => fail(who, `${what} ${why}: the file is damaged.`, "corrupt-file");
  const shape = dims.map(Number);
  if (!shape.every((size) => Number.isSafeInteger(size)) || !Number.isSafeInteger(sizeOf(shape))) {
    damaged(`has the shape [${shape.join(", ")}]`);
  }
  const stored = types[type];
  if (stored === undefined)
    return { name, type: { other: others[type] ?? `type ${type}` }, shape, content: new Uint8Array() };
  if (isExternal) return { name, type: { stored }, shape, content: placeOf(place, damaged) };
  const typed = numbers.length > 0 ? packed(numbers, stored) : joined(pieces);
  if (raw !== undefined && typed.length > 0) damaged("has its numbers twice");
  return { name, type: { stored }, shape, content: raw ?? typed };
}

/** A field of whole numbers, packed or one of them. */
function whole(field: Field, who: string): readonly (number | bigint)[] {
  return field.kind === "varint" ? [field.value] : varintsOf(bytesOf(field, who), who);
}

function bytesOf(field: Field, who: string): Uint8Array {
  if (field.kind !== "varint") return field.value;
  return fail(
    who,
    `field ${field.number} of a message is a number: the file is damaged, or none of ONNX.`,
    "corrupt-file",
  );
}

/** A field of text. */
export const textOf = (field: Field, who: string): string => new TextDecoder().decode(bytesOf(field, who));

function entry(message: Uint8Array, into: Map<string, string>, who: string): void {
  const texts = new Map<number, string>();
  for (const field of fieldsOf(message, who)) texts.set(field.number, textOf(field, who));
  into.set(texts.get(1) ?? "", texts.get(2) ?? "");
}

function placeOf(place: ReadonlyMap<string, string>, damaged: (why: string) => never): OnnxPlace {
  const location = place.get("location") ?? damaged("is in another file, which is not named");
  const number = (key: string): number | undefined => {
    const text = place.get(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    return /^\d+$/.test(text) && Number.isSafeInteger(value)
      ? value
      : damaged(`has the ${key} ${JSON.stringify(text)}`);
  };
  return { location, offset: number("offset") ?? 0, length: number("length") };
}

/** Whole numbers, and small floats by their bits, as bytes. */
function packed(numbers: readonly (number | bigint)[], stored: StoredName): Uint8Array {
  const size = storedSize(stored);
  const bytes = new Uint8Array(numbers.length * size);
  const view = new DataView(bytes.buffer);
  numbers.forEach((value, i) => {
    if (size === 8) view.setBigUint64(i * 8, BigInt(value), true);
    else {
      const low = Number(BigInt.asUintN(32, BigInt(value)));
      if (size === 4) view.setUint32(i * 4, low, true);
      else if (size === 2) view.setUint16(i * 2, low, true);
      else view.setUint8(i, low);
    }
  });
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const result = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}
