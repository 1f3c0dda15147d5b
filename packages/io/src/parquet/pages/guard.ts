// Between a Parquet file and the library: columns are handed out, and pages unpacked, where what they state can be.
import { fail } from "@hooke/runtime";
import type { Compressors } from "hyparquet";
import { type ColumnChunk, type Page, pagesOf } from "./headers.ts";
import { checkLevels, checkValues } from "./values.ts";
import { checkZstd } from "./zstd.ts";

/** Hands out columns. */
export interface PageGuard {
  /** Says what is read next. */
  expect(chunk: ColumnChunk): void;
  /** The bytes of what is expected. @throws where one of its pages cannot be what it states */
  handOut(bytes: Uint8Array): ArrayBuffer;
  /** Decompressors that check what comes out of them. */
  readonly compressors: Compressors;
}

/** Checks every page of the columns that are read: those that are compressed, when the library has them unpacked. */
export function createPageGuard(decompressors: Compressors, who: string): PageGuard {
  let chunk: ColumnChunk;
  /** Pages to unpack by where their bytes start. */
  let packed = new Map<number, Page>();
  const named = <T>(check: () => T): T => {
    try {
      return check();
    } catch (error) {
      const reason = (error as Error).message;
      return fail(who, `column ${JSON.stringify(chunk.name)} is damaged: ${reason}.`, "corrupt-file");
    }
  };
  const handOut = (bytes: Uint8Array): ArrayBuffer => {
    packed = new Map();
    for (const page of pagesOf(bytes, chunk)) {
      const valuesStart = page.start + page.levels[0] + page.levels[1];
      if (page.kind === "data of version 2") checkLevels(page, bytes, chunk);
      if (chunk.isPacked && page.compressed) packed.set(valuesStart, page);
      else checkValues(page, bytes.subarray(valuesStart, page.end), chunk);
    }
    return new Uint8Array(bytes).buffer;
  };
  const guarded =
    (codec: string, decompress: (input: Uint8Array, length: number) => Uint8Array) =>
    (input: Uint8Array, length: number): Uint8Array => {
      // The library unpacks in the buffer that it was handed.
      const page = packed.get(input.byteOffset);
      if (page === undefined || length !== page.size - page.levels[0] - page.levels[1]) {
        return fail(who, "is not read by hyparquet as it was checked; install hyparquet ~1.33.0.", "unavailable");
      }
      if (codec === "ZSTD") named(() => checkZstd(input, length));
      const body = decompress(input, length);
      named(() => checkValues(page, body, chunk));
      return body;
    };
  return {
    expect(next) {
      chunk = next;
    },
    handOut: (bytes) => named(() => handOut(bytes)),
    compressors: Object.fromEntries(Object.entries(decompressors).map(([codec, by]) => [codec, guarded(codec, by!)])),
  };
}
