// NIfTI files: nibabel's, of both versions and byte orders, read as nibabel reads them; damage and what is not read are refused.
import { describe, expect, test } from "vitest";
import golden from "../fixtures/nifti.json" with { type: "json" };
import { decodeNifti } from "./decode-nifti.ts";

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, "base64"));
const fileOf = (name: string): Uint8Array<ArrayBuffer> => bytesOf(golden.cases.find((one) => one.name === name)!.file);
const units: Readonly<Record<string, string>> = { micron: "um", sec: "s", msec: "ms" };

test.each(golden.cases)("reads $name", async ({ name, file, shape, values, spacing, affine, units: names }) => {
  const found = await decodeNifti(bytesOf(file), { int64: "f64" });
  expect(found.values.shape).toEqual(shape);
  expect([...found.values.data]).toEqual(values);
  expect(found.spacing).toEqual({ x: spacing[0], y: spacing[1], z: spacing[2] });
  // nibabel turns and centres what has no affine; the standard scales it.
  const expected = affine ?? [
    [spacing[0], 0, 0, 0],
    [0, spacing[1], 0, 0],
    [0, 0, spacing[2], 0],
    [0, 0, 0, 1],
  ];
  for (const [i, entry] of found.affine.flat().entries()) expect(entry).toBeCloseTo(expected.flat()[i]!, 6);
  expect(found.origin).toEqual({ x: found.affine[0][3], y: found.affine[1][3], z: found.affine[2][3] });
  expect(found.affineFrom).toBe(affine === null ? "spacing" : /quaternion/.test(name) ? "qform" : "sform");
  const [space, time] = names.map((unit) => (unit === "unknown" ? undefined : (units[unit] ?? unit)));
  expect(found.units).toEqual({ ...(space && { space }), ...(time && { time }) });
  expect(found.timeStep).toBe(/series/.test(name) ? 2.5 : undefined);
});

const plain = "i2, version 1, little-endian";
/** The plain file with a field changed. */
const changed = (change: (view: DataView) => void): Uint8Array => {
  const file = fileOf(plain);
  change(new DataView(file.buffer));
  return file;
};
const datatype = (code: number) => changed((view) => view.setInt16(70, code, true));
const dim = (index: number, extent: number) => changed((view) => view.setInt16(40 + 2 * index, extent, true));
const f32 = (at: number, value: number) => changed((view) => view.setFloat32(at, value, true));

describe("refuses", () => {
  test.each<[string, Uint8Array, string]>([
    ["complex numbers", datatype(32), "x.nii: holds complex numbers. Save it as float32"],
    ["an unknown datatype", datatype(3), "has the datatype 3, which is none"],
    ["no dimensions", dim(0, 0), "states 0 dimensions"],
    ["too many", dim(0, 8), "states 8 dimensions"],
    ["a negative extent", dim(2, -3), "states the size 4x-3x2x1x1x1x1"],
    ["an extent of 0", dim(1, 0), "states the size 0x3x2x1x1x1x1"],
    ["more than it holds", dim(1, 5), "takes 412 bytes by its header, and has 400: it is cut short or damaged."],
    ["less than it holds", dim(1, 3), "takes 388 bytes by its header, and has 400"],
    ["no spacing", f32(80, 0), "x.nii: has the spacing 0, 0.81"],
    ["data inside the header", f32(108, 100), "its data begin at byte 100, where its header takes 352"],
    ["data at no byte", f32(108, Number.NaN), "its data begin at byte NaN"],
    ["an affine of no numbers", f32(280, Number.NaN), "has an affine that is not finite"],
    ["a pair", changed((view) => view.setUint8(345, 0x69)), "is the header of a pair, .hdr and .img"],
    ["Analyze 7.5", changed((view) => view.setUint8(344, 0)), "has the header of Analyze 7.5"],
    ["another kind", Uint8Array.of(1, 2, 3, 4), "does not start as a NIfTI file does"],
  ])("%s", async (_, file, message) => {
    await expect(decodeNifti(file, { source: "x.nii" })).rejects.toThrow(message);
    await expect(decodeNifti(file, { source: "x.nii" })).rejects.toMatchObject({ name: "HookeError" });
  });

  test("a file cut short anywhere, and bytes after its end", async () => {
    const zipped = fileOf("an extension");
    for (const file of [fileOf(plain), zipped]) {
      for (let length = 0; length < file.length; length += 3) {
        await expect(decodeNifti(file.subarray(0, length))).rejects.toMatchObject({ code: "corrupt-file" });
      }
    }
    await expect(decodeNifti(Uint8Array.of(...fileOf(plain), 0))).rejects.toThrow(
      "takes 400 bytes by its header, and has 401",
    );
  });

  test("terabytes that a header claims, before memory is taken", async () => {
    const huge = changed((view) => {
      for (const index of [1, 2, 3]) view.setInt16(40 + 2 * index, 32767, true);
    });
    await expect(decodeNifti(huge)).rejects.toThrow("takes 70362301923326 bytes");
    const gzip = new Blob([huge as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new CompressionStream("gzip"));
    const zipped = new Uint8Array(await new Response(gzip).arrayBuffer());
    await expect(decodeNifti(zipped)).rejects.toMatchObject({ code: "unsupported" });
    await expect(decodeNifti(zipped, { limit: 1e15 })).rejects.toThrow("compressed ones");
    await expect(decodeNifti(fileOf(plain), { limit: 47 })).rejects.toThrow(
      "takes 48 bytes; the option limit allows 47",
    );
  });

  test("no time step where the file has none", async () => {
    const file = fileOf("a series in time, version 1, little-endian");
    const inflated = new Response(new Blob([file]).stream().pipeThrough(new DecompressionStream("gzip")));
    const plainFile = new Uint8Array(await inflated.arrayBuffer());
    new DataView(plainFile.buffer).setFloat32(92, 0, true);
    expect((await decodeNifti(plainFile)).timeStep).toBeUndefined();
  });

  test("series of vectors", async () => {
    const file = changed((view) => {
      for (const [index, extent] of [5, 1, 2, 2, 2, 3].entries()) view.setInt16(40 + 2 * index, extent, true);
    });
    await expect(decodeNifti(file)).rejects.toThrow("Save each point in time as a file of its own");
  });

  test("what is no file, unknown options, and work that is aborted", async () => {
    await expect(decodeNifti("x.nii" as never)).rejects.toThrow("decodeFile of @hooke/io/node reads one.");
    await expect(decodeNifti(new Uint8Array(), { src: "" } as never)).rejects.toThrow('unknown option "src"');
    await expect(decodeNifti(fileOf(plain), { signal: AbortSignal.abort("enough") })).rejects.toBe("enough");
  });
});
