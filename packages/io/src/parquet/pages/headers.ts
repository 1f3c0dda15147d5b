// The headers of the pages of a Parquet column, checked before the library believes them.
// Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
import { type Cursor, nextStruct, type ThriftStruct } from "./thrift.ts";

/** A page. */
export interface Page {
  readonly kind: "data" | "data of version 2" | "dictionary";
  /** Where its bytes are in those of the column. */
  readonly start: number;
  readonly end: number;
  readonly values: number;
  readonly nulls: number;
  readonly encoding: number;
  /** Bytes in front of the values, of data of version 2: levels of repetition and of definition, which are not compressed. */
  readonly levels: readonly [repetition: number, definition: number];
  readonly compressed: boolean;
  /** Bytes of the values, and of what stands before them, when unpacked. */
  readonly size: number;
}

/** What is known of a column's chunk before its pages. */
export interface ColumnChunk {
  readonly name: string;
  /** Parquet's type of its values. */
  readonly type: string;
  /** Bytes of values of a fixed length. */
  readonly typeLength: number;
  /** Whether values may be null. */
  readonly isOptional: boolean;
  /** Whether pages are compressed. */
  readonly isPacked: boolean;
  /** Rows of the group. */
  readonly rows: number;
  /** The most bytes that all pages may take when unpacked, and their values as numbers. */
  readonly limit: number;
}

/** The bytes that an entry of a column takes at least, as a number or a reference to text. */
const entrySize = 8;

/** The pages of a column's chunk. @throws where a header states what cannot be */
export function pagesOf(bytes: Uint8Array, { rows, limit }: ColumnChunk): readonly Page[] {
  const cursor: Cursor = { bytes, at: 0 };
  const pages: Page[] = [];
  let [values, size] = [0, 0];
  // The library reads no header of one byte either, and none behind the last row.
  while (values < rows && cursor.at < bytes.length - 1) {
    const page = nextPage(cursor);
    pages.push(page);
    if (page.kind !== "dictionary") values += page.values;
    size += page.size;
    if (values > rows) throw new Error(`its pages state ${values} values, of ${rows} rows`);
    if (size > limit) throw new Error(`its pages state ${size} bytes; the option limit allows ${limit}`);
    if (page.values * entrySize > limit && page.kind !== "dictionary") {
      throw new Error(
        `a page states ${page.values} values, which take more bytes than the option limit allows, ${limit}`,
      );
    }
    // Bools, the smallest, take a bit.
    if (page.kind === "dictionary" && page.values > 8 * page.size) {
      throw new Error(`a dictionary of ${page.size} bytes states ${page.values} values`);
    }
    cursor.at = page.end;
  }
  return pages;
}

const kinds = new Map([
  [0, { kind: "data", field: 5 }],
  [2, { kind: "dictionary", field: 7 }],
  [3, { kind: "data of version 2", field: 8 }],
] as const);

function nextPage(cursor: Cursor): Page {
  const header = nextStruct(cursor);
  const start = cursor.at;
  const type = header.get(1);
  const known = typeof type === "number" ? kinds.get(type as 0) : undefined;
  const detail = known === undefined ? undefined : header.get(known.field);
  if (known === undefined || !(detail instanceof Map)) throw new Error(`a page is of the unknown type ${type}`);
  const { kind } = known;
  const [size, packed, values] = [countOf(header, 2), countOf(header, 3), countOf(detail, 1)];
  const end = start + packed;
  if (end > cursor.bytes.length)
    throw new Error(`a page states ${packed} bytes, where ${cursor.bytes.length - start} are left`);
  if (kind !== "data of version 2") {
    return { kind, start, end, values, nulls: 0, encoding: countOf(detail, 2), levels: [0, 0], compressed: true, size };
  }
  const nulls = countOf(detail, 2);
  const levels = [countOf(detail, 6), countOf(detail, 5)] as const;
  const before = levels[0] + levels[1];
  if (nulls > values) throw new Error(`a page of ${values} values states ${nulls} nulls`);
  if (before > packed || before > size) throw new Error(`a page of ${packed} bytes states ${before} bytes of levels`);
  // The library leaves out unpacking nothing.
  const compressed = detail.get(7) !== false && size > before;
  return { kind, start, end, values, nulls, encoding: countOf(detail, 4), levels, compressed, size };
}

function countOf(struct: ThriftStruct, field: number): number {
  const value = struct.get(field);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31) return value;
  throw new Error(`a page states ${value} for a size or a count`);
}
