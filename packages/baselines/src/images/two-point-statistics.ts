// What an image says on average, without looking at where: how alike two places are by their distance, and how much of it varies over which lengths.
import {
  add,
  type Backend,
  checkArgument,
  checkOptions,
  checks,
  describe,
  fail,
  fft,
  type HostArray,
  ifft,
  isHostArray,
  mul,
  pad,
  referenceBackend,
  run,
  sub,
  type Tensor,
} from "@hooke/runtime";
import { axisLine, type Bins, meansOver, rings } from "./radial.ts";

/** Options of {@link twoPointStatistics}. */
export interface TwoPointOptions {
  /** Over which directions it is averaged: all of them, or an axis of the image, 0 (down) to 2. Default `"radial"`. */
  readonly average?: "radial" | number;
  /** The length of a pixel, in the unit that distances shall have. Default 1. */
  readonly pixel?: number;
  /** Whether what leaves the image on one side enters on the other. Default true; else pairs outside of the image are left out. */
  readonly periodic?: boolean;
  /** The largest distance, in pixels. Default half the shortest side. */
  readonly most?: number;
  /** Where it is computed, such as `wasmBackend()`. Default the reference, some ten times as slow. */
  readonly backend?: Backend;
}

/** Numbers for each image, by distance or frequency. */
export interface ImageCurves {
  /** `[bins]`: distances in the unit of `pixel`, or frequencies in cycles for each of it. */
  readonly at: Float64Array;
  /** `[images, bins]` */
  readonly values: HostArray;
}

/**
 * Two-point statistics of images or volumes: the mean product of the values at both ends of a stick, by its length. Of a phase marked by 1 in 0, the chance that
 * both ends lie in it: its volume fraction at 0, its square far away where there is no order (Torquato, Random Heterogeneous Materials, 2002).
 *
 * @param images `[images, height, width]` or `[images, depth, height, width]`
 * @throws on other shapes, and values that are not finite
 * @example
 * ```ts
 * import { twoPointStatistics } from "@hooke/baselines";
 * import { array } from "@hooke/runtime";
 *
 * const board = array([[[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]]);
 * const { at, values } = await twoPointStatistics(board, { average: 1, pixel: 0.5 });
 * console.log(Array.from(at), Array.from(values.data, (value) => Math.abs(value).toFixed(2))); // [ 0, 0.5, 1 ] [ '0.50', '0.00', '0.50' ]
 * ```
 */
export async function twoPointStatistics(images: HostArray, options: TwoPointOptions = {}): Promise<ImageCurves> {
  const who = "twoPointStatistics";
  const shape = checkedShape(who, images);
  checkOptions<TwoPointOptions>(who, options, {
    optional: {
      average: (value) => (value === "radial" ? undefined : axisCheck(value, shape.length)),
      pixel: checks.positive,
      periodic: checks.flag,
      most: checks.count,
      backend: checks.backend,
    },
  });
  const { average = "radial", pixel = 1, periodic = true, backend } = options;
  const most = options.most ?? Math.floor((average === "radial" ? Math.min(...shape) : shape[average]!) / 2);
  const longest = periodic ? Math.floor(Math.min(...shape) / 2) : Math.min(...shape) - 1;
  const limit = average === "radial" ? longest : periodic ? Math.floor(shape[average]! / 2) : shape[average]! - 1;
  if (most > limit) fail(who, `received most: ${most}; distances of these images end at ${limit} pixels.`, "mismatch");
  const padded = periodic ? shape : shape.map((size) => 2 * size);
  const correlation = await correlations(images, shape, padded, backend);
  const bins =
    average === "radial"
      ? rings(
          padded,
          shape.map(() => 1),
          most,
        )
      : axisLine(padded, average, most);
  // Of sticks that leave the image there are none: how many are left, by place.
  const pairs = padded.map((size, axis) =>
    Float64Array.from({ length: size }, (_, i) => (periodic ? shape[axis]! : shape[axis]! - Math.min(i, size - i))),
  );
  const counted = { ...bins, counts: weightsBy(bins, padded, pairs) };
  const values = meansOver(counted, correlation.data, images.shape[0]!);
  return {
    at: Float64Array.from(counted.counts, (_, i) => i * pixel),
    values: { shape: [images.shape[0]!, most + 1], dtype: "f64", data: values },
  };
}

/** Options of {@link powerSpectra}. */
export interface SpectrumOptions extends Pick<TwoPointOptions, "average" | "pixel" | "backend"> {}

/**
 * Power spectra of images or volumes, the mean taken away: how much of the variance lies at each frequency, by rings or along an axis. The sum of the power of all
 * places, of which this is the mean by rings, is the variance (Parseval); a stripe of a period of 8 pixels of 0.5 um peaks at 0.25 cycles/um.
 *
 * Frequencies run from 0 to half a cycle a pixel, in steps of one cycle over the shortest side (along an axis, over that side).
 *
 * @param images `[images, height, width]` or `[images, depth, height, width]`
 * @throws on other shapes, and values that are not finite
 */
export async function powerSpectra(images: HostArray, options: SpectrumOptions = {}): Promise<ImageCurves> {
  const who = "powerSpectra";
  const shape = checkedShape(who, images);
  checkOptions<SpectrumOptions>(who, options, {
    optional: {
      average: (value) => (value === "radial" ? undefined : axisCheck(value, shape.length)),
      pixel: checks.positive,
      backend: checks.backend,
    },
  });
  const { average = "radial", pixel = 1, backend } = options;
  const side = average === "radial" ? Math.min(...shape) : shape[average]!;
  const most = Math.floor(side / 2);
  const size = shape.reduce((product, length) => product * length, 1);
  const power = (x: Tensor): Tensor => {
    const { re, im } = fft(x, { axes: shape.map((_, axis) => axis + 1) });
    return mul(add(mul(re, re), mul(im, im)), 1 / size ** 2);
  };
  const found = (await run(backend ?? referenceBackend(), power, centred(images, size))) as HostArray;
  const scales = shape.map((length) => side / length);
  const bins = average === "radial" ? rings(shape, scales, most) : axisLine(shape, average, most);
  return {
    at: Float64Array.from(bins.counts, (_, i) => i / (side * pixel)),
    values: { shape: [images.shape[0]!, most + 1], dtype: "f64", data: meansOver(bins, found.data, images.shape[0]!) },
  };
}

/** Sums of products of an image with itself, moved by every place of a grid: the inverse transform of its power. */
async function correlations(
  images: HostArray,
  shape: readonly number[],
  padded: readonly number[],
  backend: Backend | undefined,
): Promise<HostArray> {
  const axes = shape.map((_, axis) => axis + 1);
  const after = padded.map((size, axis) => size - shape[axis]!);
  const correlate = (x: Tensor): Tensor => {
    const wide = after.some((more) => more > 0) ? pad(x, [0, ...after.map(() => 0)], [0, ...after]) : x;
    const { re, im } = fft(wide, { axes });
    const power = add(mul(re, re), mul(im, im));
    return ifft({ re: power, im: sub(power, power) }, { axes }).re;
  };
  return (await run(backend ?? referenceBackend(), correlate, inDoubles(images))) as HostArray;
}

/** By bin: how many pairs of places there are, of all its moves. */
function weightsBy({ bin, counts }: Bins, shape: readonly number[], pairs: readonly Float64Array[]): Float64Array {
  const sums = new Float64Array(counts.length);
  for (let index = 0; index < bin.length; index++) {
    if (bin[index]! < 0) continue;
    let product = 1;
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      product *= pairs[axis]![rest % shape[axis]!]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    sums[bin[index]!]! += product;
  }
  return sums;
}

const inDoubles = ({ shape, data }: HostArray): HostArray => ({ shape, dtype: "f64", data: Float64Array.from(data) });

function centred(images: HostArray, size: number): HostArray {
  const doubles = inDoubles(images);
  const data = doubles.data as Float64Array;
  for (let from = 0; from < data.length; from += size) {
    const own = data.subarray(from, from + size);
    const mean = own.reduce((sum, value) => sum + value, 0) / size;
    for (let i = 0; i < size; i++) own[i]! -= mean;
  }
  return doubles;
}

const axisCheck = (value: unknown, axes: number): string | undefined =>
  checks.wholeNumber(value) === undefined && (value as number) < axes
    ? undefined
    : `"radial", or an axis of the image, 0 to ${axes - 1}`;

/** The shape of one image. */
function checkedShape(who: string, images: HostArray): readonly number[] {
  checkArgument(who, "the images", images, (value) =>
    isHostArray(value) ? undefined : "an array [images, height, width]",
  );
  const { shape, data } = images;
  if (shape.length < 3 || shape.length > 4 || shape.includes(0)) {
    fail(
      who,
      `received ${describe(images)}; images are [images, height, width], volumes [images, depth, height, width].`,
      "mismatch",
    );
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) fail(who, `received ${data[bad]} at place ${bad}; images are finite.`, "invalid-data");
  return shape.slice(1);
}
