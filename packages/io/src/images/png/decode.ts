// PNG: every colour type, depth and interlacing. Source: W3C, Portable Network Graphics (third edition).
import { fail } from "@hooke/runtime";
import { exifOrientation } from "../exif.ts";
import { inflate } from "../inflate.ts";
import { type ImageHeader, type Samples, samplesOfBytes, spreadSamples, unpackSamples } from "../samples.ts";
import { type PngChunks, readChunks } from "./chunks.ts";
import { unfilter } from "./unfilter.ts";

/** Samples of a pixel in the file, by colour type. */
const channelsOf: Readonly<Record<number, 1 | 2 | 3 | 4>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};
const indexed = 3;

/** A PNG file whose header has been read. */
export interface PngFile extends ImageHeader {
  readonly chunks: PngChunks;
  /** Bits of a sample in the file. */
  readonly depth: number;
  readonly colorType: number;
  readonly interlaced: boolean;
}

/** @throws if the file is cut short, damaged, or holds what PNG does not allow */
export function readPng(who: string, bytes: Uint8Array): PngFile {
  const chunks = readChunks(who, bytes);
  const view = new DataView(chunks.header.buffer, chunks.header.byteOffset);
  const [depth, colorType, compression, filter, interlacing] = chunks.header.subarray(8);
  const channels = channelsOf[colorType!];
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const lawful = channels && depthsOf[colorType!]!.includes(depth!) && compression === 0 && filter === 0;
  if (!lawful || interlacing! > 1 || width === 0 || height === 0) {
    return fail(who, `the file has a header that is none of PNG. Get it again.`, "corrupt-file");
  }
  if (colorType === indexed && chunks.palette === undefined) {
    return fail(who, `the file has no palette for its pixels. Get it again.`, "corrupt-file");
  }
  const alpha = chunks.transparency !== undefined && channels % 2 === 1 ? 1 : 0;
  return {
    width,
    height,
    channels: ((colorType === indexed ? 3 : channels) + alpha) as ImageHeader["channels"],
    bits: depth === 16 ? 16 : 8,
    orientation: chunks.exif === undefined ? 1 : exifOrientation(chunks.exif),
    chunks,
    depth: depth!,
    colorType: colorType!,
    interlaced: interlacing === 1,
  };
}

/** @throws if pixels are missing, damaged, or have no colour in the palette */
export async function decodePng(who: string, file: PngFile): Promise<Samples> {
  const { width, height, channels, bits, depth, colorType, chunks } = file;
  const stored = channelsOf[colorType]!;
  const bytes = await storedBytes(who, file, stored);
  let values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> = depth === 16 ? samplesOfBytes(bytes, false) : bytes;
  if (colorType === indexed) values = lookUp(who, bytes, chunks, channels);
  else if (chunks.transparency !== undefined && channels > stored) {
    values = withKey(who, values, stored, chunks.transparency, depth === 16 ? 16 : 8);
    if (depth < 8) for (let i = 0; i < values.length; i += 2) values[i]! *= 255 / (2 ** depth - 1);
  } else if (depth < 8) values = spreadSamples(bytes, depth as 1 | 2 | 4);
  return { values, width, height, channels, bits };
}

/** The samples in the file as bytes, without filters and interlacing; those of less than 8 bits take a byte each. */
async function storedBytes(who: string, file: PngFile, channels: number): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, depth, chunks, interlaced } = file;
  const pixelBits = depth * channels;
  const step = Math.max(pixelBits / 8, 1);
  const rowBytes = (columns: number): number => Math.ceil((columns * pixelBits) / 8);
  const unpack = (bytes: Uint8Array<ArrayBuffer>, columns: number, rows: number): Uint8Array<ArrayBuffer> =>
    depth < 8 ? unpackSamples(bytes, columns, rows, depth as 1 | 2 | 4) : bytes;
  const parts = interlaced ? passesOf(width, height) : [{ left: 0, top: 0, x: 1, y: 1, columns: width, rows: height }];
  const length = parts.reduce((sum, { columns, rows }) => sum + rows * (1 + rowBytes(columns)), 0);
  const filtered = await inflate(who, chunks.pixels, length);
  if (!interlaced) return unpack(unfilter(who, filtered, height, rowBytes(width), step), width, height);
  const out = new Uint8Array(width * height * step);
  let at = 0;
  for (const { left, top, x, y, columns, rows } of parts) {
    const end = at + rows * (1 + rowBytes(columns));
    const part = unpack(unfilter(who, filtered.subarray(at, end), rows, rowBytes(columns), step), columns, rows);
    for (let row = 0, from = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const to = ((top + row * y) * width + left + column * x) * step;
        for (let i = 0; i < step; i++) out[to + i] = part[from++]!;
      }
    }
    at = end;
  }
  return out;
}

/** The seven small pictures of Adam7 that have pixels. */
function passesOf(width: number, height: number) {
  return [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ]
    .map(([left, top, x, y]) => {
      const columns = Math.ceil((width - left!) / x!);
      return { left: left!, top: top!, x: x!, y: y!, columns, rows: Math.ceil((height - top!) / y!) };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Colours of indices, with alpha where `channels` is 4. */
function lookUp(who: string, indices: Uint8Array, { palette, transparency }: PngChunks, channels: number) {
  const count = Math.floor(palette!.length / 3);
  const out = new Uint8Array(indices.length * channels);
  for (let i = 0, at = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index >= count) {
      fail(who, `a pixel has the colour ${index} of a palette of ${count}. Get the file again.`, "corrupt-file");
    }
    for (let channel = 0; channel < 3; channel++) out[at++] = palette![3 * index + channel]!;
    if (channels === 4) out[at++] = transparency![index] ?? 255;
  }
  return out;
}

/** Samples with alpha: 0 where a pixel has the colour that is transparent, else the largest. */
function withKey(
  who: string,
  values: Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>,
  channels: number,
  transparency: Uint8Array,
  bits: 8 | 16,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  if (transparency.length !== 2 * channels) {
    fail(who, "the file does not say which colour is transparent. Get it again.", "corrupt-file");
  }
  const key = Array.from({ length: channels }, (_, i) => transparency[2 * i]! * 256 + transparency[2 * i + 1]!);
  const pixels = values.length / channels;
  const out = bits === 8 ? new Uint8Array(pixels * (channels + 1)) : new Uint16Array(pixels * (channels + 1));
  for (let i = 0, from = 0, to = 0; i < pixels; i++) {
    let same = true;
    for (let channel = 0; channel < channels; channel++) {
      same &&= values[from] === key[channel];
      out[to++] = values[from++]!;
    }
    out[to++] = same ? 0 : 2 ** bits - 1;
  }
  return out;
}
