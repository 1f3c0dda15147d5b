// PNG: every colour type, depth and interlacing, beside what sharp and fast-png read; what is damaged or too large is refused.
import { decode as fastPng } from "fast-png";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { decodeImage } from "../decode-image.ts";
import golden from "../fixtures/png.json" with { type: "json" };
import { decodePng, readPng } from "./decode.ts";

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, "base64"));
const typed = (bytes: Uint8Array<ArrayBuffer>, bits: number) => (bits === 16 ? new Uint16Array(bytes.buffer) : bytes);
const fileOf = (name: string): Uint8Array<ArrayBuffer> => bytesOf(golden.cases.find((one) => one.name === name)!.file);

test.each(golden.cases)("$name", async ({ name, file, channels, bits, values }) => {
  const bytes = bytesOf(file);
  const { width, height } = golden;
  const expected = { values: typed(bytesOf(values), bits), width, height, channels, bits };
  expect(await decodePng("x", readPng("x", bytes))).toEqual(expected);

  // Of grey and alpha in 8 bits sharp gives grey alone, unless it is asked for colours.
  const asColors = channels === 2 && bits === 8;
  const space = bits === 16 ? (channels < 3 ? "grey16" : "rgb16") : channels === 1 ? "b-w" : "srgb";
  const data = await sharp(bytes)
    .toColourspace(space)
    .raw({ depth: bits === 16 ? "ushort" : "uchar" })
    .toBuffer();
  const samples = typed(Uint8Array.from(data), bits);
  expect(asColors ? samples.filter((_, i) => i % 4 === 0 || i % 4 === 3) : samples).toEqual(expected.values);

  // fast-png leaves palettes, transparent colours and packed samples to its caller.
  if (/palette|transparent|\b[124] bits/.test(name)) return;
  expect(fastPng(bytes).data).toEqual(expected.values);
});

describe("alpha", () => {
  test("is left out where all is opaque", async () => {
    const opaque = await sharp({ create: { width: 3, height: 2, channels: 4, background: "#ff8000" } })
      .png()
      .toBuffer();
    expect(await decodeImage(opaque)).toMatchObject({
      channels: 3,
      values: Uint8Array.from({ length: 18 }, (_, i) => [255, 128, 0][i % 3]!),
    });
  });

  test("is laid over a background, or refused", async () => {
    const background = { r: 200, g: 100, b: 0, alpha: 0.4 };
    const file = await sharp({ create: { width: 1, height: 1, channels: 4, background } })
      .png()
      .toBuffer();
    await expect(decodeImage(file, { source: "a.png" })).rejects.toThrow(
      "a.png: some of its pixels are transparent. Say what is behind them: background: 0 is black, 1 white, [r, g, b] a colour.",
    );
    expect([...(await decodeImage(file, { background: 1 })).values]).toEqual([233, 193, 153]);
    expect([...(await decodeImage(file, { background: [0, 0, 1] })).values]).toEqual([80, 40, 153]);
    const grey = fileOf("grey and alpha, 8 bits");
    await expect(decodeImage(grey, { background: [0, 0, 1] })).rejects.toThrow(
      "it is grey, and the background has a colour",
    );
  });
});

describe("is refused", () => {
  const whole = fileOf("colour, 8 bits");

  test("wherever it is cut short", async () => {
    for (let length = 0; length < whole.length; length++) {
      await expect(decodeImage(whole.subarray(0, length), { source: "cut.png" })).rejects.toThrow(/^cut\.png: .*\.$/);
    }
  });

  test("wherever a byte is changed", async () => {
    for (let at = 0; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at]! ^= 1;
      await expect(decodeImage(bytes, { source: "x" })).rejects.toThrow(/^x: /);
    }
  });

  test("with more pixels than the limit, before memory is taken", async () => {
    const { deflateSync, crc32 } = await import("node:zlib");
    const part = (type: string, content: Uint8Array): Buffer => {
      const body = Buffer.concat([Buffer.from(type), content]);
      const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
      length.writeUInt32BE(content.length);
      sum.writeUInt32BE(crc32(body));
      return Buffer.concat([length, body, sum]);
    };
    const png = (width: number, height: number, pixels: Uint8Array): Buffer => {
      const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
      header.writeUInt32BE(width);
      header.writeUInt32BE(height, 4);
      const parts = [part("IHDR", header), part("IDAT", deflateSync(pixels)), part("IEND", Buffer.alloc(0))];
      return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), ...parts]);
    };
    const before = process.memoryUsage().arrayBuffers;
    await expect(decodeImage(png(40_000, 25_000, Buffer.alloc(10)), { source: "huge.png" })).rejects.toThrow(
      "huge.png: it says that it has 40000x25000 pixels; the limit is 268435456. If it is right, raise the limit, or cut the image in pieces.",
    );
    await expect(decodeImage(png(40_000, 25_000, Buffer.alloc(10)), { limit: 2 ** 40 })).rejects.toThrow(
      /^decodeImage: \d+ bytes cannot hold the 1000025000 of its pixels/,
    );
    await expect(decodeImage(png(100, 100, Buffer.alloc(10)))).rejects.toThrow(
      "its pixels are cut short: there are 10 of 10100 bytes.",
    );
    // Twenty megabytes behind a picture of one pixel are left alone.
    const bomb = png(1, 1, Buffer.alloc(2e7));
    expect([...(await decodeImage(bomb)).values]).toEqual([0]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(6e7);
  });

  test("with anything else than an image", async () => {
    await expect(decodeImage(new Uint8Array(0), { source: "a" })).rejects.toThrow(/^a: .*: it is empty\./);
    await expect(decodeImage(Uint8Array.of(1, 2, 3), { source: "a" })).rejects.toThrow("its first bytes are 01 02 03.");
    await expect(decodeImage("a.png" as never)).rejects.toThrow("expected the bytes of a file");
  });
});
