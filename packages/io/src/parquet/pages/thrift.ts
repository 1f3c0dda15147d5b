// Structures of Thrift's compact protocol, of which the headers of Parquet's pages are: what is not asked for is passed over.
// Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md

/** The fields of a structure by number: numbers, bools and structures; others are left out. */
export type ThriftStruct = ReadonlyMap<number, number | boolean | ThriftStruct>;

/** Where one is in bytes that are read from front to back. */
export interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Headers of pages have three. */
const deepest = 16;

/** The byte at the cursor, which moves on. @throws where bytes end */
export function nextByte(cursor: Cursor): number {
  return cursor.bytes[cursor.at++] ?? cutShort();
}

/** A number of 7 bits a byte, the lowest first. */
export function nextVarint(cursor: Cursor): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = nextByte(cursor);
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    // Of 64 bits.
    if (scale > 2 ** 63) throw new Error("a number has no end");
  }
}

/** A whole number with a sign, which its lowest bit says. */
export function nextSigned(cursor: Cursor): number {
  const value = nextVarint(cursor);
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The structure at the cursor, which is behind it then. */
export function nextStruct(cursor: Cursor, depth = 0): ThriftStruct {
  if (depth > deepest) throw new Error("a header has too many structures in each other");
  const fields = new Map<number, number | boolean | ThriftStruct>();
  for (let id = 0; ; ) {
    const head = nextByte(cursor);
    const type = head & 15;
    if (type === 0) return fields;
    id = head >> 4 === 0 ? nextSigned(cursor) : id + (head >> 4);
    const value = nextValue(cursor, type, depth);
    if (value !== undefined) fields.set(id, value);
  }
}

function nextValue(cursor: Cursor, type: number, depth: number): number | boolean | ThriftStruct | undefined {
  if (type === 1 || type === 2) return type === 1;
  if (type === 3) return nextByte(cursor);
  if (type >= 4 && type <= 6) return nextSigned(cursor);
  if (type === 12) return nextStruct(cursor, depth + 1);
  if (type === 7) return skip(cursor, 8);
  if (type === 8) return skip(cursor, nextVarint(cursor));
  if (type !== 9 && type !== 10) throw new Error(`a header has a field of the unknown type ${type}`);
  const head = nextByte(cursor);
  const length = head >> 4 === 15 ? nextVarint(cursor) : head >> 4;
  const element = head & 15;
  // In lists bools take a byte.
  for (let i = 0; i < length; i++) nextValue(cursor, element === 1 || element === 2 ? 3 : element, depth + 1);
  return undefined;
}

function skip(cursor: Cursor, length: number): undefined {
  cursor.at += length;
  if (cursor.at > cursor.bytes.length) cutShort();
}

function cutShort(): never {
  throw new Error("a page ends too early");
}
