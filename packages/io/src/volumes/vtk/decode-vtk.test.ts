// VTK image data: VTK's own files in every format, coding and byte order; damage and what is not read are refused.
import { describe, expect, test } from "vitest";
import golden from "../fixtures/vtk.json" with { type: "json" };
import { decodeVtk } from "./decode-vtk.ts";

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, "base64"));
const fileOf = (name: string): Uint8Array<ArrayBuffer> => bytesOf(golden.cases.find((one) => one.name === name)!.file);
const encoded = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

test.each(golden.cases)("reads $name", async ({ name: title, file }) => {
  for (const { name, location, shape, values } of golden.arrays) {
    const found = await decodeVtk(bytesOf(file), { array: name });
    expect(found.values.shape).toEqual(shape);
    // Text has as many digits as VTK writes.
    if (!/text|Ascii/.test(title)) expect([...found.values.data]).toEqual(values);
    else for (const [i, value] of found.values.data.entries()) expect(value).toBeCloseTo(values[i]!, 4);
    expect(found).toMatchObject({ array: name, location, spacing: { x: 0.5, y: 0.75, z: 1.25 } });
    // The first point is at the index (2, -1, 0), the middle of the first cell half a step from it.
    expect(found.origin).toEqual(location === "points" ? { x: 11, y: -3.75, z: 7 } : { x: 11.25, y: -3.375, z: 7.625 });
  }
});

const legacy = (data: string, head = "DIMENSIONS 2 1 1\nORIGIN 0 0 0\nSPACING 1 1 1"): Uint8Array =>
  encoded(`# vtk DataFile Version 3.0\ntest\nASCII\nDATASET STRUCTURED_POINTS\n${head}\n${data}`);
const scalars = (type: string, numbers: string) =>
  legacy(`POINT_DATA 2\nSCALARS x ${type}\nLOOKUP_TABLE default\n${numbers}\n`);
const xml = ({ file = "", image = "", array = "", text = "1 2", pieces = 1, field = "" }): Uint8Array =>
  encoded(
    `<?xml version="1.0"?><VTKFile type="ImageData" byte_order="LittleEndian" ${file}>` +
      `<ImageData WholeExtent="0 1 0 0 0 0" ${image}>${'<Piece Extent="0 1 0 0 0 0">'.repeat(pieces)}<PointData>` +
      `<DataArray type="Int16" Name="x" format="ascii" ${array}>${text}</DataArray></PointData></Piece>${field}</ImageData></VTKFile>`,
  );

test("defaults, and numbers as text that are no digits", async () => {
  const { values, spacing, origin } = await decodeVtk(
    legacy("POINT_DATA 2\nVECTORS v double\n1 -inf nan\n4 5e3 -0\n", "DIMENSIONS 2 1 1"),
  );
  expect([...values.data]).toEqual([1, Number.NEGATIVE_INFINITY, Number.NaN, 4, 5000, -0]);
  expect([values.shape, spacing, origin]).toEqual([[1, 1, 2, 3], { x: 1, y: 1, z: 1 }, { x: 0, y: 0, z: 0 }]);
  const field = '<FieldData><DataArray type="Float64" Name="TimeValue" format="ascii">3</DataArray></FieldData>';
  expect([...(await decodeVtk(xml({ field }))).values.data]).toEqual([1, 2]);
  expect([...(await decodeVtk(scalars("long", "9007199254740991 -1"), { int64: "f64" })).values.data]).toEqual([
    2 ** 53 - 1,
    -1,
  ]);
});

describe("refuses", () => {
  test.each<[string, Uint8Array, string]>([
    ["fewer numbers", scalars("float", "1"), 'x.vtk: array "x" takes 8 bytes, and has'],
    ["more numbers", scalars("float", "1 2 3"), 'holds "3", which is not read'],
    ["words", scalars("float", "1 steel"), 'array "x" holds "steel", which is no F32'],
    ["numbers beyond their type", scalars("unsigned_char", "1 256"), 'holds "256", which is no U8'],
    ["long numbers beyond i32", scalars("long", "1 9007199254740991"), 'Read such numbers with int64: "f64"'],
    ["types that are no numbers", scalars("string", "1 2"), 'is of the type "string"'],
    [
      "negative dimensions",
      legacy("POINT_DATA 0\nFIELD f 1\nx 1 0 float\n", "DIMENSIONS -2 1 1"),
      "states the size -2x1x1x1",
    ],
    [
      "dimensions that are huge",
      legacy("POINT_DATA 1\nSCALARS x float\nLOOKUP_TABLE default\n1\n", "DIMENSIONS 99999 99999 99999"),
      "the option limit allows",
    ],
    [
      "more rows than there are",
      legacy("POINT_DATA 999999999999\nSCALARS x float\nLOOKUP_TABLE default\n1\n"),
      "the file is cut short or damaged",
    ],
    [
      "rows that are no points",
      legacy("POINT_DATA 1\nSCALARS x float\nLOOKUP_TABLE default\n1\n"),
      "has fewer numbers",
    ],
    [
      "no spacing",
      legacy("POINT_DATA 2\nSCALARS x float\nLOOKUP_TABLE default\n1 2\n", "DIMENSIONS 2 1 1\nSPACING 0 1 1"),
      "has the spacing 0, 1, 1",
    ],
    [
      "other data sets",
      encoded("# vtk DataFile Version 3.0\nt\nASCII\nDATASET POLYDATA\n"),
      "holds POLYDATA; image data",
    ],
    ["no arrays", legacy(""), "has no arrays"],
    ["other kinds", encoded("steel"), "starts neither with"],
    ["several pieces", xml({ pieces: 2 }), "has 2 pieces; one is read."],
    ["axes that are turned", xml({ image: 'Direction="0 1 0 1 0 0 0 0 1"' }), "has a direction that turns its axes"],
    ["other compressors", xml({ file: 'compressor="vtkLZ4DataCompressor"' }), "is compressed by vtkLZ4DataCompressor"],
    ["text that is cut short", xml({ text: "1" }), 'array "x" has fewer numbers, where 2 are expected'],
    ["text that is too long", xml({ text: "1 2 3" }), 'array "x" has more numbers'],
    ["components that are none", xml({ array: 'NumberOfComponents="-1"' }), "states the size 2x1x1x-1"],
  ])("%s", async (_, file, message) => {
    const found = await decodeVtk(file, { source: "x.vtk" }).catch((error: unknown) => error);
    expect(found).toMatchObject({ name: "HookeError", message: expect.stringContaining(message) });
  });

  test.each([
    ".vti, Binary, None, UInt32, LittleEndian",
    ".vti, Appended, raw, ZLib, UInt64, LittleEndian",
    "legacy, binary, version 4.2",
  ])("%s, cut short anywhere", async (name) => {
    const file = fileOf(name);
    for (let length = 0; length < file.length - 200; length += 7) {
      const found = await decodeVtk(file.subarray(0, length), { array: /legacy/.test(name) ? "f4" : "cells" }).catch(
        (error: unknown) => error,
      );
      expect(found).toMatchObject({ name: "HookeError" });
    }
  });

  test("a choice that is none, and more than the limit", async () => {
    const file = fileOf("legacy, binary, version 4.2");
    await expect(decodeVtk(file)).rejects.toThrow("choose one with the option array.");
    await expect(decodeVtk(file, { array: "cell" })).rejects.toThrow('has no array "cell". Did you mean "cells"?');
    await expect(decodeVtk(file, { array: "f8", limit: 191 })).rejects.toThrow(
      "takes 192 bytes; the option limit allows 191",
    );
    await expect(decodeVtk("x.vti" as never)).rejects.toThrow("decodeFile of @hooke/io/node reads one.");
    await expect(decodeVtk(file, { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });
});
