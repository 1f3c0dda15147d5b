// Parquet files of pyarrow: every type, every codec, rows and columns; what a table does not hold, and damage, is refused.
import { readFileSync } from "node:fs";
import { columnOf } from "@hooke/data";
import { describe, expect, test } from "vitest";
import { decodeParquet } from "./decode-parquet.ts";
import { type ColumnChunk, type Page, pagesOf } from "./pages/headers.ts";
import { checkLevels, checkValues } from "./pages/values.ts";
import { checkZstd } from "./pages/zstd.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`./fixtures/${name}.parquet`, import.meta.url)));
const types = await decodeParquet(fixture("types"));

test("types", () => {
  for (const name of "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64".split(" ")) {
    expect(columnOf(types, name), name).toEqual({ name, type: "number", values: Float64Array.of(0, Number.NaN, 100) });
  }
  const values = (name: string) => [...columnOf(types, name).values];
  expect(values("edges")).toEqual([-(2 ** 53) + 1, 2 ** 53 - 1, 0]);
  expect(values("uint edge")).toEqual([2 ** 32 - 1, 0, 1]);
  expect(values("bool")).toEqual([1, Number.NaN, 0]);
  expect(values("text")).toEqual(["größe", "", "steel"]);
  expect(values("category")).toEqual(["a", "b", "a"]);
  expect(values("date")).toEqual(["2026-11-29", "", "1969-12-31"]);
  expect(values("instant")).toEqual(["2026-11-29T12:00:00.123456Z", "", "1969-12-31T23:59:59.999999Z"]);
  expect(columnOf(types, "time")).toMatchObject({ unit: "us", values: Float64Array.of(1e6, Number.NaN, 5) });
  expect(values("decimal")).toEqual([1.25, Number.NaN, -0.5]);
  expect(types.rowCount).toBe(3);
  expect(types.lines).toEqual(Int32Array.of(1, 2, 3));
});

test.each(["none", "snappy", "gzip", "brotli", "lz4", "zstd"])("rows compressed by %s", async (codec) => {
  const progress: number[] = [];
  const table = await decodeParquet(fixture(codec), {
    columns: ["x", "name"],
    rows: [250, 650],
    onProgress: ({ rows, totalRows }) => progress.push(rows / totalRows),
  });
  expect(table.columns.map(({ name }) => name)).toEqual(["x", "name"]);
  expect([...columnOf(table, "x").values]).toEqual(Array.from({ length: 400 }, (_, i) => (250 + i) / 2));
  expect(columnOf(table, "name").values[399]).toBe(`row ${649 % 7}`);
  expect(table.lines[0]).toBe(251);
  expect(progress).toHaveLength(6);
  expect(progress.at(-1)).toBe(1);
});

test.each([
  ["list", 'column "list" holds nested values, which a table does not.'],
  ["struct", 'column "struct" holds nested values'],
  ["bytes", 'column "bytes" holds bytes of no stated meaning'],
  ["large", 'column "large" holds 9007199254740993 in row 1; numbers hold whole numbers exactly to 2^53.'],
  ["long decimal", 'column "long decimal" holds decimals of 38 digits, where numbers keep 15'],
  ["y", 'has no column "y". It has'],
])("%s is refused by name", async (name, message) => {
  await expect(decodeParquet(fixture("refused"), { source: "t.parquet", columns: [name] })).rejects.toThrow(
    `t.parquet: ${message}`,
  );
});

test("limits, rows that are not there, and the end by a signal", async () => {
  const file = fixture("none");
  await expect(decodeParquet(file, { limit: 1000 })).rejects.toThrow("the option limit allows 1000.");
  await expect(decodeParquet(file, { rows: [0, 1001] })).rejects.toThrow("received rows [0, 1001] of 1000");
  await expect(decodeParquet(file, { rows: [2, 1] })).rejects.toThrow('option "rows" is ');
  const controller = new AbortController();
  const onProgress = () => controller.abort(new Error("enough"));
  await expect(decodeParquet(file, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
});

test("a damaged file is refused", async () => {
  const file = fixture("snappy");
  for (let length = 0; length < file.length; length += 501) {
    await expect(decodeParquet(file.subarray(0, length)), `${length}`).rejects.toMatchObject({ code: "corrupt-file" });
  }
});

describe("what a page states is checked before it is believed", () => {
  const chunk: ColumnChunk = {
    ...{ name: "x", type: "INT32", typeLength: 0, isOptional: false, isPacked: false },
    ...{ rows: 300, limit: 2 ** 16 },
  };
  const page: Page = {
    ...{
      kind: "data",
      start: 0,
      end: 0,
      values: 300,
      nulls: 0,
      encoding: 8,
      levels: [0, 0],
      compressed: true,
      size: 0,
    },
  };
  /** A header: its type, size, compressed size, and of data: values, and encoding by a dictionary. */
  const header = (type: number, size: number, packed: number, values: number, field: number) => {
    const signed = (value: number) => {
      const bytes = [];
      for (let left = value < 0 ? -2 * value - 1 : 2 * value; ; left = Math.floor(left / 128)) {
        if (left < 128) return [...bytes, left];
        bytes.push((left % 128) + 128);
      }
    };
    const detail = [0x15, ...signed(values), 0x15, ...signed(8), 0];
    return [
      0x15,
      ...signed(type),
      0x15,
      ...signed(size),
      0x15,
      ...signed(packed),
      ((field - 3) << 4) + 12,
      ...detail,
      0,
    ];
  };

  test.each<[string, number[], string]>([
    ["more bytes than there are", header(0, 9, 9, 300, 5), "a page states 9 bytes, where 0 are left"],
    ["less than no bytes", header(0, 9, -9, 300, 5), "a page states -9 for a size or a count"],
    ["more values than rows", [...header(0, 1, 1, 301, 5), 0], "its pages state 301 values, of 300 rows"],
    ["more bytes than the limit", [...header(0, 2 ** 17, 1, 300, 5), 0], "its pages state 131072 bytes"],
    ["a large dictionary in few bytes", [...header(2, 2, 2, 17, 7), 0, 0], "a dictionary of 2 bytes states 17 values"],
    ["an unknown kind", [...header(7, 1, 1, 1, 5), 0], "a page is of the unknown type 7"],
    ["a header without an end", header(0, 9, 9, 300, 5).slice(0, -1), "a page ends too early"],
  ])("%s", (_, bytes, message) => {
    expect(() => pagesOf(Uint8Array.from(bytes), chunk)).toThrow(message);
  });

  test.each<[string, Partial<Page>, number[], string]>([
    ["a run of one number", {}, [3, 0xda, 4, 1], "a run of 301 values, where 300 are left"],
    ["runs that are cut short", {}, [3, 0xd6, 4, 1], "a page ends too early"],
    ["packed numbers", {}, [3, 77, 1, 2, 3], "a run of 304 values, where 300 are left"],
    ["numbers of too many bits", {}, [33, 2, 1], "by numbers of 33 bits"],
    ["split bytes", { encoding: 9 }, [1, 2, 3], "a run of 300 values"],
    ["differences in no parts", { encoding: 5 }, [128, 1, 0, 44, 0], "a page states blocks of 128 values in 0 parts"],
    [
      "a long shared text",
      { encoding: 7, values: 1 },
      [8, 1, 1, 10, 8, 1, 1, 4],
      "a text shares 5 bytes with one of 0",
    ],
  ])("%s", (_, stated, bytes, message) => {
    expect(() => checkValues({ ...page, ...stated }, Uint8Array.from(bytes), chunk)).toThrow(message);
  });

  test("runs and packed numbers to the last are passed", () => {
    // 200 of one number, then 104 packed, of which four fill up.
    const bytes = Uint8Array.from([3, 0x90, 3, 1, 27, ...new Uint8Array(39)]);
    expect(() => checkValues(page, bytes, chunk)).not.toThrow();
  });

  test("levels of version 2 have the nulls that the header states", () => {
    // 299 ones, one zero.
    const levels = Uint8Array.from([0xd6, 4, 1, 2, 0]);
    const second: Page = { ...page, kind: "data of version 2", levels: [0, 5], end: 5 };
    const optional = { ...chunk, isOptional: true };
    expect(() => checkLevels({ ...second, nulls: 1 }, levels, optional)).not.toThrow();
    expect(() => checkLevels({ ...second, nulls: 2 }, levels, optional)).toThrow("states 2 nulls, and has 1");
  });

  test("frames of Zstandard", () => {
    const magic = [0x28, 0xb5, 0x2f, 0xfd];
    // A block of one byte, 1000 times: whole, the frame's size, and without its byte.
    const repeated = [...magic, 0x60, 0xe8, 2, 0x43, 0x1f, 0, 7];
    expect(() => checkZstd(Uint8Array.from(repeated), 1000)).not.toThrow();
    expect(() => checkZstd(Uint8Array.from(repeated), 999)).toThrow("to a frame that states 1000");
    expect(() => checkZstd(Uint8Array.from([...repeated.slice(0, 8), 0x1f, 1, 7]), 1000)).toThrow("to blocks of more");
    expect(() => checkZstd(Uint8Array.from(repeated.slice(0, -1)), 1000)).toThrow("or is cut short");
    expect(() => checkZstd(Uint8Array.from([...magic, 0, 0x98, 1, 0, 0]), 9)).toThrow("a window of 536870912 bytes");
  });
});
