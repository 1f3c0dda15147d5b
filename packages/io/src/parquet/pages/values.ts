// The values of a page before the library unpacks them: runs that are longer than what is left would make it fill the memory.
// Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/
import type { ColumnChunk, Page } from "./headers.ts";
import { type Cursor, nextByte, nextSigned, nextVarint } from "./thrift.ts";

const encodings = { dictionaryOld: 2, runs: 3, differences: 5, prefixes: 7, dictionary: 8, split: 9 } as const;

/**
 * Checks what a page holds.
 *
 * @param body its bytes when unpacked, without the levels of version 2
 * @throws where the library would unpack more than the page has values
 */
export function checkValues(page: Page, body: Uint8Array, chunk: ColumnChunk): void {
  if (page.kind === "dictionary") return;
  const cursor: Cursor = { bytes: body, at: 0 };
  const isFirstVersion = page.kind === "data";
  let values = page.values - page.nulls;
  if (isFirstVersion && chunk.isOptional) {
    const length = uint32(cursor);
    const start = cursor.at;
    values = checkRuns(cursor, 1, values);
    cursor.at = start + length;
  }
  const isBool = chunk.type === "BOOLEAN";
  switch (page.encoding) {
    case encodings.runs:
    case encodings.dictionary:
    case encodings.dictionaryOld: {
      const isBits = isFirstVersion ? isBool : page.encoding === encodings.runs;
      if (isBits) uint32(cursor);
      const width = isBits ? 1 : nextByte(cursor);
      if (width > 32) throw new Error(`a page has entries of a dictionary by numbers of ${width} bits`);
      // Of no bits, all are the first entry.
      if (width > 0 || !isFirstVersion) checkRuns(cursor, width, values);
      return;
    }
    case encodings.differences:
      if (values > 0) checkBlocks(cursor);
      return;
    case encodings.split: {
      const size = (widths[chunk.type] ?? chunk.typeLength) * values;
      if (size > body.length - cursor.at) throw tooMany(values, 0);
      return;
    }
    case encodings.prefixes:
      checkPrefixes(cursor, values, chunk.limit);
  }
}

/** Checks the levels of a page of version 2: how many values there are, its header states too. */
export function checkLevels({ values, nulls, levels, start, end }: Page, bytes: Uint8Array, chunk: ColumnChunk): void {
  const present = chunk.isOptional
    ? checkRuns({ bytes: bytes.subarray(0, end), at: start + levels[0] }, 1, values)
    : values;
  if (present !== values - nulls)
    throw new Error(`a page of ${values} values states ${nulls} nulls, and has ${values - present}`);
}

const widths: Readonly<Record<string, number>> = { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8 };

function uint32(cursor: Cursor): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value += nextByte(cursor) * 256 ** i;
  return value;
}

/** Passes over `count` numbers of `width` bits, in runs of one number and of packed bits. Returns how many have their lowest bit set. */
function checkRuns(cursor: Cursor, width: number, count: number): number {
  let odd = 0;
  for (let left = count; left > 0; ) {
    const head = nextVarint(cursor);
    const length = Math.floor(head / 2);
    if (head % 2 === 0) {
      if (length > left) throw tooMany(length, left);
      for (let byte = 0; byte < width / 8; byte++) {
        const isOdd = (nextByte(cursor) & 1) === 1;
        if (byte === 0 && isOdd) odd += length;
      }
      left -= length;
    } else {
      // Eights of numbers; the last may be filled up.
      const isThere = width === 0 ? 8 * length < left + 8 : length * width <= cursor.bytes.length - cursor.at;
      if (!isThere) throw tooMany(8 * length, left);
      const filled = Math.min(8 * length, left);
      if (width === 1) odd += setBits(cursor, filled);
      cursor.at += length * width;
      left -= filled;
    }
  }
  return odd;
}

function setBits({ bytes, at }: Cursor, count: number): number {
  let set = 0;
  for (let i = 0; i < count; i++) set += (bytes[at + (i >> 3)]! >> (i & 7)) & 1;
  return set;
}

/** The head of packed differences: values of a block, its parts, and the first value. */
function checkBlocks(cursor: Cursor): readonly [perPart: number, parts: number, first: number] {
  const [size, parts] = [nextVarint(cursor), nextVarint(cursor)];
  nextVarint(cursor);
  if (!(parts > 0 && parts <= cursor.bytes.length - cursor.at && size > 0 && size % (8 * parts) === 0)) {
    throw new Error(`a page states blocks of ${size} values in ${parts} parts`);
  }
  return [size / parts, parts, nextSigned(cursor)];
}

/** Checks text that is stored as what it shares with the text before it, and what it does not. */
function checkPrefixes(cursor: Cursor, count: number, limit: number): void {
  const shared = readDifferences(cursor, count);
  const own = readDifferences(cursor, count);
  let [before, total] = [0, 0];
  for (let i = 0; i < count; i++) {
    if (!(shared[i]! >= 0 && shared[i]! <= before && own[i]! >= 0)) {
      throw new Error(`a text shares ${shared[i]} bytes with one of ${before}`);
    }
    before = shared[i]! + own[i]!;
    total += before;
  }
  if (total > limit) throw new Error(`texts of a page take ${total} bytes; the option limit allows ${limit}`);
}

/** Numbers as differences from one to the next, less the smallest of each block, packed in bits. */
function readDifferences(cursor: Cursor, count: number): Int32Array {
  const values = new Int32Array(count);
  if (count === 0) return values;
  const [perPart, parts, first] = checkBlocks(cursor);
  values[0] = first;
  for (let i = 1; i < count; ) {
    const smallest = nextSigned(cursor);
    const bitWidths = Array.from({ length: parts }, () => nextByte(cursor));
    for (const width of bitWidths) {
      if (i >= count) break;
      if (width > 32) throw new Error(`a page has lengths of ${width} bits`);
      for (let bit = 8 * cursor.at, j = 0; j < perPart && i < count; j++, i++, bit += width) {
        values[i] = values[i - 1]! + smallest + bitsAt(cursor.bytes, bit, width);
      }
      cursor.at += Math.ceil((perPart * width) / 8);
    }
  }
  return values;
}

function bitsAt(bytes: Uint8Array, from: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value += ((bytes[(from + i) >>> 3]! >> ((from + i) & 7)) & 1) * 2 ** i;
  return value;
}

const tooMany = (stated: number, left: number): Error =>
  new Error(`a page has a run of ${stated} values, where ${left} are left`);
