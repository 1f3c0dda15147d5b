// Datasets of images as tables of what is known of each without looking at where: what methods for tables take.
import { type Dataset, datasetCheck, type Table, tableOf } from "@hooke/data";
import { checkArgument, checkOptions, checks, describe, fail, type HostArray } from "@hooke/runtime";
import { targetColumns } from "../method/target-columns.ts";
import { type TwoPointOptions, twoPointStatistics } from "./two-point-statistics.ts";

/** Options of {@link imageStatistics}. */
export type ImageStatisticsOptions = Pick<TwoPointOptions, "periodic" | "backend">;

/** Distances, in pixels, at which correlations are told: of all directions, and of each axis. */
const distances = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
const alongAxes = [1, 2, 4, 8];

/**
 * A table of images or volumes, a row for each: of each channel the mean, the deviation, the skewness, and the correlation of pixels (two-point statistics less the
 * square of the mean, over the variance) by their distance, in all directions and along each axis; then the targets under their names. Nothing in it is learned from other
 * images, so that rows may be held back afterwards. Of an image that is the same everywhere, correlations are 0.
 *
 * @param data inputs `[rows, height, width, channels]` or `[rows, depth, height, width, channels]`; targets with one row each
 * @throws on other shapes, and pixels that are not finite
 * @example
 * ```ts
 * import { imageStatistics } from "@hooke/baselines";
 * import { columnNames, dataset } from "@hooke/data";
 * import { array } from "@hooke/runtime";
 *
 * const inputs = array(Float32Array.from({ length: 2 * 64 }, (_, i) => (i * i) % 7), { shape: [2, 8, 8, 1] });
 * const data = dataset({ inputs, targets: array([1.5, 2.5]), targetNames: ["modulus"] });
 * console.log(columnNames(await imageStatistics(data)).slice(0, 4)); // [ 'mean', 'deviation', 'skewness', 'correlation at 1 px' ]
 * ```
 */
export async function imageStatistics(data: Dataset, options: ImageStatisticsOptions = {}): Promise<Table> {
  const who = "imageStatistics";
  checkArgument(who, "the data", data, datasetCheck);
  checkOptions<ImageStatisticsOptions>(who, options, {
    optional: {
      periodic: checks.flag,
      backend: checks.backend,
    },
  });
  const { inputs, inputNames, source } = data;
  const { shape } = inputs;
  if (shape.length < 4 || shape.length > 5) {
    fail(
      who,
      `received inputs ${describe(inputs)}; images are [rows, height, width, channels], volumes have a depth before.`,
      "mismatch",
    );
  }
  const channels = shape.at(-1)!;
  const columns: Record<string, Float64Array | readonly string[]> = {};
  for (let channel = 0; channel < channels; channel++) {
    const behind = channels === 1 ? "" : ` of ${inputNames[channel] ?? `channel ${channel}`}`;
    const own = await columnsOfChannel(channelOf(inputs, channel), options);
    for (const [name, values] of Object.entries(own)) columns[`${name}${behind}`] = values;
  }
  return tableOf({ ...columns, ...targetColumns(data) }, { source });
}

function channelOf({ shape, data }: HostArray, channel: number): HostArray {
  const channels = shape.at(-1)!;
  const values = Float64Array.from({ length: data.length / channels }, (_, i) => data[i * channels + channel]!);
  return { shape: shape.slice(0, -1), dtype: "f64", data: values };
}

async function columnsOfChannel(
  images: HostArray,
  options: ImageStatisticsOptions,
): Promise<Record<string, Float64Array>> {
  const [count, ...sides] = images.shape as [number, ...number[]];
  const pixels = images.data.length / count;
  const own = (image: number) => (images.data as Float64Array).subarray(image * pixels, (image + 1) * pixels);
  const each = (value: (image: number) => number) => Float64Array.from({ length: count }, (_, image) => value(image));
  const mean = each((image) => own(image).reduce((sum, value) => sum + value, 0) / pixels);
  const moment = (image: number, order: number): number =>
    own(image).reduce((sum, value) => sum + (value - mean[image]!) ** order, 0) / pixels;
  const deviation = each((image) => Math.sqrt(moment(image, 2)));
  const columns: Record<string, Float64Array> = {
    mean,
    deviation,
    skewness: each((image) => (deviation[image]! > 0 ? moment(image, 3) / deviation[image]! ** 3 : 0)),
  };
  // Of deviations from the mean, so that nothing large is taken from something as large.
  const centred = {
    ...images,
    data: Float64Array.from(images.data, (value, i) => value - mean[Math.floor(i / pixels)]!),
  };
  const add = async (average: "radial" | number, at: readonly number[], name: (distance: number) => string) => {
    const side = average === "radial" ? Math.min(...sides) : sides[average]!;
    const shown = at.filter((distance) => distance <= side / 2);
    if (shown.length === 0) return;
    const { values } = await twoPointStatistics(centred, { ...options, average, most: shown.at(-1)! });
    const width = values.shape[1]!;
    for (const distance of shown) {
      columns[name(distance)] = each((image) =>
        deviation[image]! > 0 ? values.data[image * width + distance]! / deviation[image]! ** 2 : 0,
      );
    }
  };
  await add("radial", distances, (distance) => `correlation at ${distance} px`);
  for (const axis of sides.keys()) {
    const direction = ["across", "down", "deep"][sides.length - 1 - axis]!;
    await add(axis, alongAxes, (distance) => `correlation ${distance} px ${direction}`);
  }
  return columns;
}
