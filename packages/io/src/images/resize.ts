// Resizing by an antialiased triangle filter, as PIL and PyTorch do it: plain arithmetic, the same bits wherever it runs.
import { checkArgument, checkOptions, checks } from "@hooke/runtime";
import { allocateSamples, type Image, imageCheck } from "./image.ts";

/** A size in pixels. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/**
 * An image of another size, by a triangle filter that is as wide as an output pixel where it shrinks ("bilinear" with antialias),
 * in each direction by itself. Samples are rounded once, at the end, to the depth of the image; floats to single precision.
 *
 * Equal to PIL's `resize(..., BILINEAR)` and `torch.nn.functional.interpolate(..., mode="bilinear", antialias=True)` within one
 * level of 8 bits. Without antialias (a canvas, `tf.image`, OpenCV) images have other textures, and pretrained networks see it.
 *
 * @param size whole numbers above 0
 * @example
 * ```ts
 * import { resize } from "@hooke/io/images";
 *
 * const image = { values: Uint8Array.of(0, 100, 200, 100), width: 4, height: 1, channels: 1, bits: 8 } as const;
 * console.log([...resize(image, { height: 1, width: 2 }).values]); // [ 71, 143 ]
 * ```
 */
export function resize(image: Image, size: ImageSize): Image {
  checkArgument("resize", "the image", image, imageCheck);
  checkOptions<ImageSize>("resize", size, { required: { height: checks.count, width: checks.count } });
  const { height, width } = size;
  if (height === image.height && width === image.width) return image;
  const across = width === image.width ? image.values : resizeRows(image, filterOf(image.width, width));
  const { channels, bits } = image;
  const values = allocateSamples(height * width * channels, bits);
  resizeColumns(across, width * channels, filterOf(image.height, height), values);
  return { values, width, height, channels, bits };
}

/**
 * An image whose shorter side has `length` pixels and whose sides are as before to each other; the longer side is rounded down,
 * as torchvision does.
 *
 * @param length a whole number above 0
 */
export function resizeShortSide(image: Image, length: number): Image {
  checkArgument("resizeShortSide", "the image", image, imageCheck);
  checkArgument("resizeShortSide", "the length", length, checks.count);
  const { height, width } = image;
  return height <= width
    ? resize(image, { height: length, width: Math.floor((length * width) / height) })
    : resize(image, { height: Math.floor((length * height) / width), width: length });
}

/** What each output pixel takes of the input: `weights[i * span ...]` of the pixels from `starts[i]` on, `counts[i]` of them. */
interface Filter {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float64Array;
  readonly span: number;
}

function filterOf(from: number, to: number): Filter {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const span = 2 * Math.ceil(reach) + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Float64Array(to * span);
  for (let i = 0; i < to; i++) {
    const center = (i + 0.5) * scale;
    const start = Math.max(Math.floor(center - reach + 0.5), 0);
    const count = Math.min(Math.floor(center + reach + 0.5), from) - start;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const weight = Math.max(1 - Math.abs((k + start - center + 0.5) / reach), 0);
      weights[i * span + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < count; k++) weights[i * span + k]! /= sum;
    starts[i] = start;
    counts[i] = count;
  }
  return { starts, counts, weights, span };
}

/** Each row at its new width, not rounded. */
function resizeRows({ values, width, height, channels }: Image, filter: Filter): Float32Array {
  const { starts, counts, weights, span } = filter;
  const to = starts.length;
  const out = new Float32Array(height * to * channels);
  for (let row = 0, at = 0; row < height; row++) {
    const offset = row * width * channels;
    for (let i = 0; i < to; i++) {
      const first = offset + starts[i]! * channels;
      const count = counts[i]!;
      const weight = i * span;
      if (channels === 1) {
        let sum = 0;
        for (let k = 0; k < count; k++) sum += weights[weight + k]! * values[first + k]!;
        out[at++] = sum;
      } else {
        let [red, green, blue] = [0, 0, 0];
        for (let k = 0, from = first; k < count; k++, from += 3) {
          const share = weights[weight + k]!;
          red += share * values[from]!;
          green += share * values[from + 1]!;
          blue += share * values[from + 2]!;
        }
        out[at] = red;
        out[at + 1] = green;
        out[at + 2] = blue;
        at += 3;
      }
    }
  }
  return out;
}

/** Each column at its new height, rounded. @param width samples in a row */
function resizeColumns(
  values: Float32Array | Uint8Array | Uint16Array,
  width: number,
  { starts, counts, weights, span }: Filter,
  out: Uint8Array | Uint16Array | Float32Array,
): void {
  const isFloat = out instanceof Float32Array;
  const sums = new Float64Array(width);
  for (let i = 0; i < starts.length; i++) {
    sums.fill(isFloat ? 0 : 0.5);
    for (let k = 0; k < counts[i]!; k++) {
      const share = weights[i * span + k]!;
      const from = (starts[i]! + k) * width;
      for (let x = 0; x < width; x++) sums[x]! += share * values[from + x]!;
    }
    // Weighted means stay within the range of what they are taken of, but for rounding errors far below a half.
    const to = i * width;
    if (isFloat) out.set(sums, to);
    else for (let x = 0; x < width; x++) out[to + x] = Math.floor(sums[x]!);
  }
}
