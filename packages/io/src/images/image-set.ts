// Sets of images that lie in files: known by name and label, read one by one when they are needed.
import { type Check, checkOptions, checks, fail, type HostArray, type OptionTable } from "@hooke/runtime";
import { toColor, toGrey } from "./color.ts";
import { type DecodeImageOptions, decodeImage, decodingChecks } from "./decode-image.ts";
import { type Image, imageCheck } from "./image.ts";
import type { LabelOptions } from "./labels.ts";
import { type ImageSize, resize } from "./resize.ts";

/** Images by name, with what is known of them; none is in memory. */
export interface ImageSet {
  /** The folder, or whatever they come from: the speaker of error messages. */
  readonly source: string;
  readonly count: number;
  /** Paths below the source, with `/` between folders. */
  readonly names: readonly string[];
  /** Labels `i32[count]`, numbers `f64[count, targets]`, or `f64[count, 0]` where there are none. */
  readonly targets: HostArray;
  readonly targetNames: readonly string[];
  /** What labels stand for. */
  readonly classes?: readonly string[];
  /** The line of the table that each image is on, where there is one. */
  readonly lines?: Int32Array;
  /** What was left out, in words: images without a label, rows without an image. */
  readonly warnings: readonly string[];
  /** Reads and prepares an image. @throws if it cannot be read, with a reason */
  readonly read: (index: number) => Promise<Image>;
}

/** How images of a set are prepared, all alike. */
export interface ImageSetOptions extends Omit<DecodeImageOptions, "source"> {
  /**
   * Where labels come from: `"folders"`, the first folder of each path is a class, in natural order (`class2` before `class10`);
   * `"none"`; or a table of them. Default `"folders"`.
   */
  readonly labels?: "folders" | "none" | LabelOptions;
  /** Resizes images, whatever sides they have; a number is a square. Default: they stay as they are. */
  readonly size?: number | ImageSize;
  /** Makes all images grey, 1, or coloured, 3. Default: they stay as they are. */
  readonly channels?: 1 | 3;
  /** Called with each image before it is resized, e.g. `(image) => centerCrop(resizeShortSide(image, 256), { height: 224, width: 224 })`. */
  readonly transform?: (image: Image) => Image;
}

/** Expects a set of images. */
export const imageSetCheck: Check = (value) => {
  const { names, read, targets } = (value ?? {}) as Partial<ImageSet>;
  return Array.isArray(names) && typeof read === "function" && targets !== undefined
    ? undefined
    : "a set of images, such as imageFolder or imageFiles gives";
};

const sizeCheck: Check = (value) => {
  const { height, width } = (typeof value === "object" && value !== null ? value : {}) as Partial<ImageSize>;
  const sides = typeof value === "number" ? [value] : [height, width];
  return sides.every((side) => checks.count(side) === undefined)
    ? undefined
    : "a whole number above 0, or { height, width }";
};
const labelsCheck: Check = (value) => {
  const { table, file, target } = (typeof value === "object" && value !== null ? value : {}) as Partial<LabelOptions>;
  return value === "folders" || value === "none" || (table !== undefined && file !== undefined && target !== undefined)
    ? undefined
    : '"folders", "none", or { table, file, target } with the columns of a table';
};
const { limit, background, jpegDecoder } = decodingChecks;
const table: OptionTable<ImageSetOptions> = {
  optional: {
    labels: labelsCheck,
    size: sizeCheck,
    channels: (value) => (value === 1 || value === 3 ? undefined : "1, grey, or 3, colours"),
    transform: (value) => (typeof value === "function" ? undefined : "a function of an image that returns one"),
    limit,
    background,
    jpegDecoder,
  },
};

export function checkImageSetOptions(who: string, options: ImageSetOptions): void {
  checkOptions<ImageSetOptions>(who, options, table);
}

/** The image in a file as all of a set are to be. @param source the file's name */
export async function prepareImage(bytes: Uint8Array, source: string, options: ImageSetOptions): Promise<Image> {
  const { size, channels, transform, labels: _, ...decoding } = options;
  let image = await decodeImage(bytes, { source, ...decoding });
  checkFinite(image, source);
  if (channels !== undefined) image = channels === 1 ? toGrey(image) : toColor(image);
  if (transform !== undefined) {
    image = transform(image);
    const expected = imageCheck(image);
    if (expected !== undefined) fail(source, `transform did not return ${expected}.`);
  }
  return size === undefined ? image : resize(image, typeof size === "number" ? { height: size, width: size } : size);
}

/** @throws on floats that are none: resized, they would spread */
function checkFinite({ values, width, channels, bits }: Image, source: string): void {
  const at = bits === 32 ? values.findIndex((value: number) => !Number.isFinite(value)) : -1;
  if (at < 0) return;
  const pixel = Math.floor(at / channels);
  const cure = "fill such pixels with a number";
  fail(
    source,
    `the pixel in row ${Math.floor(pixel / width)}, column ${pixel % width} is ${values[at]}; ${cure}.`,
    "invalid-data",
  );
}

/** Whether a file is one of images, by its name. */
export const isImageName = (name: string): boolean =>
  /^[^.].*\.(png|tiff?|jpe?g)$/i.test(name.slice(name.lastIndexOf("/") + 1));
