// TIFF: every layout that is read, beside what sharp and utif2 read; volumes; what is damaged, or of another kind, is refused.
import sharp from "sharp";
import { decodeImage as decodeUtif, decode as readUtif } from "utif2";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../decode-image.ts";
import { decodeVolume, stackSlices, volumeArray } from "../decode-volume.ts";
import golden from "../fixtures/tiff.json" with { type: "json" };
import floats from "../fixtures/tiff-float.json" with { type: "json" };
import { type Image, imageArray } from "../image.ts";
import { prepareImage } from "../image-set.ts";
import { resize } from "../resize.ts";
import { decodePage, readPage } from "./decode.ts";
import { readDirectories } from "./directories.ts";

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
const typed = (bytes: Uint8Array<ArrayBuffer>, bits: number) =>
  bits === 32 ? new Float32Array(bytes.buffer) : bits === 16 ? new Uint16Array(bytes.buffer) : bytes;

test.each(golden.cases)("$name", async ({ name, file, channels, bits, values }) => {
  const bytes = bytesOf(file);
  const { width, height } = golden;
  const expected = typed(bytesOf(values), bits);
  const read = readDirectories("x", bytes);
  const samples = await decodePage("x", readPage("x", read, read.pages[0]!));
  expect(samples).toEqual({ values: expected, width, height, channels, bits });

  // Of grey and alpha sharp gives grey alone, unless it is asked for colours; it reads no planes in tiles.
  if (channels !== 2 && !/planes, tiles/.test(name)) {
    const space = bits === 16 ? (channels < 3 ? "grey16" : "rgb16") : channels === 1 ? "b-w" : "srgb";
    const data = await sharp(bytes)
      .toColourspace(space)
      .raw({ depth: bits === 16 ? "ushort" : "uchar" })
      .toBuffer();
    expect(typed(Uint8Array.from(data), bits)).toEqual(expected);
  }

  // utif2 leaves bits, palettes and inverted greys to its caller; it reads no planes, and prints a line for each file of tiles.
  if (/1 bit$|is white|palette|planes|tiles/.test(name)) return;
  const [page] = readUtif(bytes.buffer);
  decodeUtif(bytes.buffer, page!);
  expect(typed(Uint8Array.from(page!.data), bits)).toEqual(expected);
});

describe("of microscopes:", () => {
  const { width, height } = floats;
  test.each(floats.cases)("$name", async ({ file, channels, bits, values }) => {
    const bytes = bytesOf(file);
    const expected = typed(bytesOf(values), bits);
    expect(await decodeImage(bytes)).toEqual({ values: expected, width, height, channels, bits });
    // Sharp makes whole numbers of colours, and three times the same of grey.
    if (bits !== 32 || channels === 3) return;
    const data = Uint8Array.from(await sharp(bytes).raw({ depth: "float" }).toBuffer());
    expect(typed(data, 32).filter((_: number, i: number) => i % 3 === 0)).toEqual(expected);
  });

  test.each(Object.entries(floats.volumes))("%s, as a volume", async (_, { file, values, depth, bits }) => {
    const expected = { values: typed(bytesOf(values), bits), depth, width, height, channels: 1, bits };
    expect(await decodeVolume(bytesOf(file))).toEqual(expected);
  });

  test("floats keep their unit, and are resized as by PIL", async () => {
    const image = await decodeImage(bytesOf(floats.cases[0]!.file));
    expect(imageArray(image).data).toEqual(image.values);
    const { values, ...size } = floats.resized;
    const expected = typed(bytesOf(values), 32);
    const resized = resize(image, size).values;
    const largest = Math.max(...image.values.map(Math.abs));
    expect(Math.max(...resized.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(3e-7 * largest);
  });

  test("a pixel that is no number is named where images become data", async () => {
    const bytes = bytesOf(floats.gap);
    expect((await decodeImage(bytes)).values[3 * width + 5]).toBeNaN();
    await expect(prepareImage(bytes, "x.tif", {})).rejects.toThrow("x.tif: the pixel in row 3, column 5 is NaN; fill");
  });

  test.each([
    [
      "double",
      "its samples are floating-point numbers, 64 bits; save it with 8 or 16 bits, not signed, or as floating",
    ],
    ["half", "its samples are floating-point numbers, 16 bits"],
    ["signed", "its samples are whole numbers with a sign, 16 bits"],
    ["long", "its samples have 32 bits"],
  ] as const)("%s is refused", async (kind, message) => {
    await expect(decodeImage(bytesOf(floats.refused[kind]), { source: "x.tif" })).rejects.toThrow(`x.tif: ${message}`);
  });
});

test("LZW with all its widths of codes", async () => {
  expect((await decodeImage(bytesOf(golden.noisy.file))).values).toEqual(bytesOf(golden.noisy.values));
});

test("a picture is turned as its tag says", async () => {
  const { values, width, height } = await decodeImage(bytesOf(golden.turned.file));
  expect([width, height, values]).toEqual([golden.height, golden.width, bytesOf(golden.turned.values)]);
});

describe("volumes", () => {
  const bytes = bytesOf(golden.volume.file);

  test("are the pages of a file", async () => {
    const steps: number[] = [];
    const volume = await decodeVolume(bytes, { onProgress: ({ done, total }) => void steps.push(done / total) });
    const { width, height } = golden;
    const values = new Uint16Array(bytesOf(golden.volume.values).buffer);
    expect(volume).toEqual({ values, depth: 4, height, width, channels: 1, bits: 16 });
    expect(steps).toEqual([0.25, 0.5, 0.75, 1]);
    const { shape, data } = volumeArray(volume);
    expect([shape, data[5]]).toEqual([[4, height, width, 1], Math.fround(values[5]! / 65535)]);
  });

  test("are slices joined, of one size", () => {
    const slice = (width: number): Image => ({
      values: new Uint8Array(2 * width).fill(width),
      width,
      height: 2,
      channels: 1,
      bits: 8,
    });
    expect(stackSlices([slice(3), slice(3)])).toMatchObject({ depth: 2, height: 2, width: 3 });
    expect(() => stackSlices([slice(3), slice(4)], { source: "bone", names: ["1.png", "2.png"] })).toThrow(
      "bone: 2.png is 4x2, 1 channel of 8 bits; 1.png is 3x2, 1 channel of 8 bits. All are to be of one size, depth and number of channels.",
    );
  });

  test("are refused as images, beyond the limit, and with pages of other sizes; stop at a signal", async () => {
    await expect(decodeImage(bytes, { source: "bone.tif" })).rejects.toThrow(
      "bone.tif: it has 4 pages; decodeVolume reads them all.",
    );
    await expect(decodeVolume(bytes, { limit: 1000 })).rejects.toThrow("it has 37x21x4 voxels; the limit is 1000.");
    await expect(decodeVolume(bytesOf(golden.refused.unlike), { source: "x" })).rejects.toThrow(
      "x: page 2 of 2 is 37x20, 1 channel of 8 bits; page 1 of 2 is 37x21",
    );
    await expect(decodeVolume(bytes, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
  });
});

describe("is refused", () => {
  test.each([
    ["jpeg", "it is compressed by JPEG; save it without compression, or with LZW or Deflate."],
    ["imagej", "it holds 40 pages and lists 1, as ImageJ writes large stacks. Save it as a folder of slices."],
  ] as const)("%s", async (kind, message) => {
    await expect(decodeImage(bytesOf(golden.refused[kind]), { source: "x.tif" })).rejects.toThrow(`x.tif: ${message}`);
  });

  const all = [...golden.cases, ...floats.cases];
  const whole = (name: string) => bytesOf(all.find((one) => one.name === name)!.file);

  test.each([
    "LZW, 16 bits, 3 channels",
    "none, 8 bits, 1 channels",
    "PackBits, 8 bits, 3 channels",
    "floats, tiff_lzw, differences",
    "BigTIFF, big-endian, tiles",
  ])("wherever it is cut short: %s", async (name) => {
    const bytes = whole(name);
    for (let length = 0; length < bytes.length; length += 31) {
      await expect(decodeImage(bytes.subarray(0, length), { source: "cut.tif" })).rejects.toThrow(/^cut\.tif: /);
    }
  });

  test("or read, but never anything else, whichever byte is changed", async () => {
    for (const name of ["LZW, 8 bits, 1 channels", "tiles, 16 bits, LZW, differences", "BigTIFF, f4"]) {
      const bytes = whole(name);
      for (let at = 0; at < bytes.length; at += 3) {
        const changed = bytes.slice();
        changed[at]! ^= 0x81;
        const read = await decodeImage(changed, { source: "x", limit: 1e6 }).catch((error: Error) => error);
        if (read instanceof Error) expect(`${read.name} ${read.message}`).toMatch(/^HookeError x: /);
      }
    }
  });
});
