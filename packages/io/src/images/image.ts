// Images: samples as the file has them, grey or red, green and blue: whole numbers of 8 or 16 bits, scaled to 0..1 only as they become
// arrays, or floating-point numbers, which stay as they are.
import { type Check, checkArgument, fail, type HostArray } from "@hooke/runtime";

/** A picture in memory. Sample `channel` of the pixel in `row` and `column` is `values[(row * width + column) * channels + channel]`. */
export interface Image {
  /** From 0, black, to `2 ** bits - 1`; floating-point numbers are in the unit of the file. */
  readonly values: Uint8Array | Uint16Array | Float32Array;
  readonly width: number;
  readonly height: number;
  /** 1: grey; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** Of a sample: 8 in a `Uint8Array`, 16 in a `Uint16Array`, 32 in a `Float32Array`. */
  readonly bits: 8 | 16 | 32;
}

const arrays = { 8: Uint8Array, 16: Uint16Array, 32: Float32Array } as const;

/** Expects an image. */
export const imageCheck: Check = (value) => {
  const { values, width, height, channels, bits } = (value ?? {}) as Partial<Image>;
  const fits = arrays[bits!] !== undefined && values instanceof arrays[bits!];
  return fits && (channels === 1 || channels === 3) && values!.length === width! * height! * channels
    ? undefined
    : "an image, such as decodeImage returns: { values, width, height, channels: 1 or 3, bits: 8, 16 or 32 }";
};

/** Room for the samples of an image. */
export function allocateSamples(
  count: number,
  bits: 8 | 16 | 32,
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  return new arrays[bits](count);
}

/**
 * An image as the array that models take: `f32[height, width, channels]`, each sample over the largest of its depth, so that
 * black is 0 and white is 1 in 8 bits as in 16. Floating-point samples stay as they are.
 *
 * @example
 * ```ts
 * import { imageArray } from "@hooke/io/images";
 *
 * const image = { values: Uint8Array.of(0, 51, 255), width: 3, height: 1, channels: 1, bits: 8 } as const;
 * console.log(imageArray(image).shape); // [ 1, 3, 1 ]
 * ```
 */
export function imageArray(image: Image): HostArray {
  checkArgument("imageArray", "the image", image, imageCheck);
  const { height, width, channels } = image;
  const data = new Float32Array(image.values.length);
  scaleInto(data, 0, image);
  return { shape: [height, width, channels], dtype: "f32", data };
}

/** Writes an image's samples over the largest of their depth to `target` from `offset` on; floats as they are. */
export function scaleInto(
  target: Float32Array,
  offset: number,
  { values, bits }: Pick<Image, "values" | "bits">,
): void {
  if (bits === 32) {
    target.set(values, offset);
    return;
  }
  const largest = 2 ** bits - 1;
  for (let i = 0; i < values.length; i++) target[offset + i] = values[i]! / largest;
}

/** `640x480, 3 channels of 8 bits`, or `of floats`: an image in messages. */
export function describeImage({ width, height, channels, bits }: Omit<Image, "values">): string {
  return `${width}x${height}, ${channels} ${channels === 1 ? "channel" : "channels"} of ${bits === 32 ? "floats" : `${bits} bits`}`;
}

/** @throws if images have other sizes, channels or depths than the first, naming the first that has */
export function checkAlike(
  who: string,
  first: Omit<Image, "values">,
  other: Omit<Image, "values">,
  [firstName, otherName]: readonly [string, string],
): void {
  if (
    first.width === other.width &&
    first.height === other.height &&
    first.channels === other.channels &&
    first.bits === other.bits
  ) {
    return;
  }
  fail(
    who,
    `${otherName} is ${describeImage(other)}; ${firstName} is ${describeImage(first)}. All are to be of one size, depth and number of channels.`,
    "mismatch",
  );
}
