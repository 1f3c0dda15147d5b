// TIFF: pages of whole numbers of 1, 8 or 16 bits, or of floats of 32, in strips or tiles, sample by sample or plane by plane.
// Sources: Adobe, TIFF revision 6.0 (1992); TIFF Technical Note 3 (2005), the predictor of floats.
import { type ErrorCode, fail } from "@hooke/runtime";
import { allocateSamples } from "../image.ts";
import {
  floatsOfBytes,
  type ImageHeader,
  type Samples,
  samplesOfBytes,
  spreadSamples,
  unpackSamples,
} from "../samples.ts";
import type { Directories, Directory } from "./directories.ts";
import { compressions, type Unpack } from "./unpack.ts";

/** What one byte can unfold to at most: codes of 12 bits stand for 3,838 bytes of LZW, a pair of bits for 258 of Deflate. */
const mostPerByte = 2600;

/** A page whose tags have been checked. */
export interface TiffPage extends ImageHeader {
  readonly file: Directories;
  /** Bits of a sample in the file. */
  readonly depth: 1 | 8 | 16 | 32;
  /** Samples of a pixel in the file. */
  readonly stored: number;
  readonly planar: boolean;
  /** Samples are differences from those on their left; of floats, bytes are, those of one place after those of the other. */
  readonly differences: boolean;
  /** 0 stands for white. */
  readonly inverted: boolean;
  readonly colorMap?: readonly number[];
  readonly unpack: Unpack;
  /** Strips are tiles as wide as the page. */
  readonly tile: { readonly width: number; readonly height: number };
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
}

const compressed: Readonly<Record<number, string>> = {
  2: "CCITT",
  3: "CCITT",
  4: "CCITT",
  6: "JPEG",
  7: "JPEG",
  34712: "JPEG 2000",
};
const interpretations: Readonly<Record<number, string>> = { 5: "CMYK", 6: "YCbCr", 8: "CIELab" };
const formats: Readonly<Record<number, string>> = { 2: "whole numbers with a sign", 3: "floating-point numbers" };

/** @throws if a page is damaged, or of a kind that is not read, naming it */
export function readPage(who: string, file: Directories, { tags }: Directory): TiffPage {
  const refuse = (what: string, code: ErrorCode = "unsupported"): never =>
    fail(who, `${what}${code === "unsupported" ? "" : " Get the file again."}`, code);
  const [width = 0, height = 0] = [tags.width?.[0], tags.height?.[0]];
  if (width === 0 || height === 0) refuse("the page has no size.", "corrupt-file");
  const stored = tags.samples?.[0] ?? 1;
  const depths = tags.bits ?? [1];
  const depth = depths[0]!;
  const save = "save it with 8 or 16 bits, not signed, or as floating-point numbers of 32";
  if (depths.some((bits) => bits !== depth)) refuse(`its samples have ${depths.join(", ")} bits; ${save}.`);
  const format = tags.sampleFormat?.[0] ?? 1;
  const isFloat = format === 3 && depth === 32;
  if (format !== 1 && format !== 4 && !isFloat)
    refuse(`its samples are ${formats[format] ?? `of the format ${format}`}, ${depth} bits; ${save}.`);
  if (depth !== 1 && depth !== 8 && depth !== 16 && !isFloat) return refuse(`its samples have ${depth} bits; ${save}.`);
  const compression = tags.compression?.[0] ?? 1;
  const unpack =
    compressions[compression] ??
    refuse(
      `it is compressed by ${compressed[compression] ?? `method ${compression}`}; save it without compression, or with LZW or Deflate.`,
    );
  if ((tags.fillOrder?.[0] ?? 1) !== 1) refuse("its bits are in reverse order; save it again.");
  const predictor = tags.predictor?.[0] ?? 1;
  if (predictor !== 1 && predictor !== (isFloat ? 3 : depth === 1 ? 1 : 2))
    refuse(`it has the predictor ${predictor}; save it without.`);

  const interpretation = tags.interpretation?.[0] ?? 1;
  if (interpretation > 3)
    refuse(
      `its colours are ${interpretations[interpretation] ?? `of kind ${interpretation}`}; save it as grey or RGB.`,
    );
  const colors = interpretation === 2 ? 3 : 1;
  const alpha = stored - colors;
  if (alpha < 0 || alpha > 1 || (interpretation === 3 && (alpha > 0 || depth !== 8))) {
    refuse(`it has ${stored} samples a pixel, ${colors} of them known; save each as a file of its own.`);
  }
  if (isFloat && (alpha > 0 || interpretation === 0))
    refuse("its samples are floating-point numbers, with alpha or with white as 0; save it without.");
  if (alpha === 1 && tags.extraSamples?.[0] === 1)
    refuse("its colours are multiplied by alpha; save it without alpha.");
  const { colorMap } = tags;
  if (interpretation === 3 && colorMap?.length !== 3 * 2 ** depth)
    refuse("it has no palette for its pixels.", "corrupt-file");

  const planar = tags.planes?.[0] === 2 && stored > 1;
  const tile = {
    width: tags.tileWidth?.[0] ?? width,
    height: tags.tileHeight?.[0] ?? Math.min(tags.rowsPerStrip?.[0] ?? height, height),
  };
  if (tile.width * tile.height > Math.max(width * height, 2 ** 24))
    refuse("its parts are larger than the page.", "corrupt-file");
  const { offsets = [], byteCounts = [] } = tags;
  const tiles = Math.ceil(width / tile.width) * Math.ceil(height / tile.height) * (planar ? stored : 1);
  if (offsets.length !== tiles || byteCounts.length !== tiles) {
    refuse(`its pixels are in ${tiles} parts, and it lists ${offsets.length}.`, "corrupt-file");
  }
  const { length } = file.bytes;
  if (offsets.some((offset, i) => offset + byteCounts[i]! > length)) {
    refuse(`the file is cut short: its pixels reach beyond its ${length} bytes.`, "corrupt-file");
  }
  const held = byteCounts.reduce((sum, count) => sum + count, 0);
  if ((held * 8 * mostPerByte) / depth < width * height * stored) {
    refuse(`its ${held} bytes of pixels cannot hold ${width}x${height}: it is cut short.`, "corrupt-file");
  }
  const orientation = tags.orientation?.[0] ?? 1;
  return {
    width,
    height,
    channels: ((interpretation === 3 ? 3 : colors) + alpha) as ImageHeader["channels"],
    bits: depth === 1 ? 8 : depth,
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
    file,
    depth,
    stored,
    planar,
    differences: predictor !== 1,
    inverted: interpretation === 0,
    ...(interpretation === 3 && { colorMap: colorMap! }),
    unpack,
    tile,
    offsets,
    byteCounts,
  };
}

/** @throws if pixels are damaged or cut short */
export async function decodePage(who: string, page: TiffPage): Promise<Samples> {
  const { width, height, channels, bits, depth, stored, planar, inverted, colorMap, tile, file } = page;
  const across = Math.ceil(width / tile.width);
  const down = Math.ceil(height / tile.height);
  // Samples that lie together: those of a pixel, or of a plane.
  const together = planar ? 1 : stored;
  const samples = allocateSamples(width * height * stored, bits);
  for (let i = 0; i < page.offsets.length; i++) {
    const plane = Math.floor(i / (across * down));
    const top = (Math.floor(i / across) % down) * tile.height;
    const left = (i % across) * tile.width;
    // The last strip ends with the page; tiles are whole.
    const rows = across === 1 && tile.width === width ? Math.min(tile.height, height - top) : tile.height;
    const packed = file.bytes.subarray(page.offsets[i]!, page.offsets[i]! + page.byteCounts[i]!);
    const bytes = await page.unpack(who, packed, rows * Math.ceil((tile.width * together * depth) / 8));
    const part = samplesOf(page, bytes, tile.width * together, together);
    const columns = Math.min(tile.width, width - left);
    for (let row = 0; row < Math.min(rows, height - top); row++) {
      const from = row * tile.width * together;
      const to = ((top + row) * width + left) * stored;
      if (!planar) samples.set(part.subarray(from, from + columns * together), to);
      else
        for (let column = 0; column < columns; column++) samples[to + column * stored + plane] = part[from + column]!;
    }
  }
  if (inverted) for (let i = 0; i < samples.length; i += stored) samples[i] = 2 ** depth - 1 - samples[i]!;
  if (depth === 1) spreadSamples(samples as Uint8Array<ArrayBuffer>, 1);
  const values = colorMap === undefined ? samples : lookUp(samples as Uint8Array, colorMap);
  return { values, width, height, channels, bits };
}

/** The samples of a part, of which `step` belong to a pixel. */
function samplesOf(
  { depth, differences, file }: TiffPage,
  bytes: Uint8Array<ArrayBuffer>,
  rowLength: number,
  step: number,
): Uint8Array | Uint16Array | Float32Array {
  if (depth === 1) return unpackSamples(bytes, rowLength, bytes.length / Math.ceil(rowLength / 8), 1);
  if (depth === 32) {
    if (!differences) return floatsOfBytes(bytes, file.littleEndian);
    addUp(bytes, 4 * rowLength, step);
    return floatsOfBytes(togetherAgain(bytes, rowLength), false);
  }
  const samples = depth === 16 ? samplesOfBytes(bytes, file.littleEndian) : bytes;
  if (differences) addUp(samples, rowLength, step);
  return samples;
}

/** The bytes of floats, the highest first, of rows that list the highest bytes of all, then the next ones. */
function togetherAgain(bytes: Uint8Array, rowLength: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < bytes.length; row += 4 * rowLength) {
    for (let i = 0; i < rowLength; i++) {
      for (let byte = 0; byte < 4; byte++) out[row + 4 * i + byte] = bytes[row + byte * rowLength + i]!;
    }
  }
  return out;
}

/** Samples from differences, row by row, in place. */
function addUp(samples: Uint8Array | Uint16Array, rowLength: number, step: number): void {
  for (let row = 0; row < samples.length; row += rowLength) {
    for (let i = row + step; i < row + rowLength; i++) samples[i]! += samples[i - step]!;
  }
}

/** Colours of indices, in 8 bits. The map lists all reds, then greens, then blues, in 16, or in 8 where a program did not know that. */
function lookUp(indices: Uint8Array, colorMap: readonly number[]): Uint8Array {
  const count = colorMap.length / 3;
  const shift = colorMap.some((level) => level > 255) ? 8 : 0;
  return Uint8Array.from(
    { length: 3 * indices.length },
    (_, i) => colorMap[(i % 3) * count + indices[Math.floor(i / 3)]!]! >> shift,
  );
}
