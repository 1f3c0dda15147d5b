// Parquet files of pyarrow: every type, every codec, rows and columns; what a table does not hold, and damage, is refused.
import { readFileSync } from "node:fs";
import { columnOf } from "@hooke/data";
import { expect, test } from "vitest";
import { decodeParquet } from "./decode-parquet.ts";

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
