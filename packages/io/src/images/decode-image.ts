// Image files in memory: what they are, refused before memory is taken where they are too large, then decoded to one kind of image.
import { type Check, checkArgument, checkOptions, checks, fail } from "@hooke/runtime";
import { type Background, withoutAlpha } from "./alpha.ts";
import type { Image } from "./image.ts";
import { decodeJpeg, type JpegDecoder, jpegDecoders } from "./jpeg/decode.ts";
import { isJpeg, readJpeg } from "./jpeg/header.ts";
import { orient } from "./orientation.ts";
import { pngSignature } from "./png/chunks.ts";
import { decodePng, readPng } from "./png/decode.ts";
import type { ImageHeader, Samples } from "./samples.ts";
import { decodePage, readPage } from "./tiff/decode.ts";
import { isTiff, readDirectories } from "./tiff/directories.ts";

/** Options of {@link decodeImage}. */
export interface DecodeImageOptions {
  /** The speaker of error messages, e.g. a file name. Default `"decodeImage"`. */
  readonly source?: string;
  /** Pixels that an image may have: files that say they have more are refused before memory is taken. Default `2 ** 28`, 268 million. */
  readonly limit?: number;
  /**
   * What lies behind transparent pixels: 0 is black, 1 white; a list of three is a colour. Default: images with transparent
   * pixels are refused.
   */
  readonly background?: Background;
  /**
   * What decodes JPEG: decoders round differently. Default: `"browser"` in a page; in Node `"sharp"` where that package is installed, else
   * `"jpeg-js"`. The last gives the same bits everywhere.
   */
  readonly jpegDecoder?: JpegDecoder;
}

/** Pixels that an image may have unless its caller says otherwise. */
export const defaultLimit: number = 2 ** 28;

const share: Check = (value) =>
  checks.finite(value) === undefined && (value as number) >= 0 && (value as number) <= 1 ? undefined : "from 0 to 1";
const backgroundCheck: Check = (value) =>
  (Array.isArray(value) && value.length === 3 ? value : [value]).every((level) => share(level) === undefined)
    ? undefined
    : "a number from 0, black, to 1, white, or three for red, green and blue";
/** Expects the bytes of a file. */
export const bytesCheck: Check = (value) =>
  value instanceof Uint8Array ? undefined : "the bytes of a file, a Uint8Array, such as readFile gives";
/** What every function that decodes images is asked. */
export const decodingChecks = {
  source: ((value) => (typeof value === "string" ? undefined : "a text")) as Check,
  limit: checks.count,
  background: backgroundCheck,
  jpegDecoder: ((value) => checks.oneOf(value, jpegDecoders)) as Check,
};

/**
 * The picture in an image file.
 *
 * - PNG, of every kind, and TIFF and BigTIFF, without compression or with LZW, Deflate or PackBits: 8 or 16 bits, fewer are scaled to 8,
 *   grey, coloured or of a palette; in TIFF also floating-point numbers of 32 bits. The same samples everywhere; nothing needs to be installed.
 * - JPEG, grey or coloured, by the browser or by one of two packages that Node needs: see `jpegDecoder`.
 *
 * Samples are those of the file: colour profiles and gamma are not applied, as in PIL. A picture that Exif or TIFF say is to be turned is
 * turned. Alpha is left out where every pixel is opaque.
 *
 * @throws with the code `corrupt-file` if the file is damaged or cut short, `unsupported` if it is of another kind, has more
 *   pixels than `limit`, or transparent ones without a `background`; `unavailable` if nothing here decodes JPEG
 * @example
 * ```ts
 * import { decodeImage } from "@hooke/io/images";
 *
 * const text = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR4nGNgaAAAAIMAgYfP7KQAAAAASUVORK5CYII=";
 * const file = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
 * const image = await decodeImage(file);
 * console.log(image.width, image.height, image.channels, image.bits, [...image.values]); // 2 1 1 8 [ 0, 128 ]
 * ```
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeImageOptions = {}): Promise<Image> {
  checkArgument("decodeImage", "the file", bytes, bytesCheck);
  checkOptions<DecodeImageOptions>("decodeImage", options, { optional: decodingChecks });
  const { source = "decodeImage", limit = defaultLimit, background, jpegDecoder } = options;
  const file = readHeader(source, bytes, jpegDecoder);
  checkPixels(source, file.header, limit);
  return orient(withoutAlpha(source, await file.decode(), background), file.header.orientation);
}

/** An image file whose header has been read. */
interface ImageFile {
  readonly header: ImageHeader;
  decode(): Promise<Samples>;
}

function readHeader(who: string, bytes: Uint8Array, jpegDecoder: JpegDecoder | undefined): ImageFile {
  if (pngSignature.every((byte, i) => bytes[i] === byte)) {
    const header = readPng(who, bytes);
    return { header, decode: () => decodePng(who, header) };
  }
  if (isTiff(bytes)) {
    const file = readDirectories(who, bytes);
    const { pages } = file;
    if (pages.length > 1) fail(who, `it has ${pages.length} pages; decodeVolume reads them all.`, "mismatch");
    const header = readPage(who, file, pages[0]!);
    return { header, decode: () => decodePage(who, header) };
  }
  if (isJpeg(bytes)) {
    const header = readJpeg(who, bytes);
    return { header, decode: () => decodeJpeg(who, header, jpegDecoder) };
  }
  const start = Array.from(bytes.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const what = bytes.length === 0 ? "it is empty" : `its first bytes are ${start}`;
  return fail(who, `it is no PNG, TIFF or JPEG: ${what}. Save it as one of these.`, "unsupported");
}

/** @throws if an image has more pixels than it may */
function checkPixels(who: string, { width, height }: ImageHeader, limit: number): void {
  if (width * height <= limit) return;
  const cure = "If it is right, raise the limit, or cut the image in pieces";
  fail(who, `it says that it has ${width}x${height} pixels; the limit is ${limit}. ${cure}.`, "unsupported");
}
